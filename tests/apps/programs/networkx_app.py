"""Graph algorithms on seeded random graphs."""

import networkx as nx

g = nx.gnm_random_graph(120, 400, seed=7)
for a, b, data in g.edges(data=True):
    data["weight"] = (a * 7 + b * 13) % 17 + 1
print(sorted(nx.single_source_dijkstra_path_length(g, 0).items())[:10])
print(round(nx.average_clustering(g), 9), nx.diameter(g.subgraph(max(nx.connected_components(g), key=len))))
print([(n, round(v, 9)) for n, v in sorted(nx.betweenness_centrality(g).items())[:8]])
print(sorted(nx.minimum_spanning_tree(g).edges())[:8])
print([sorted(c)[:5] for c in nx.community.greedy_modularity_communities(g)][:4])
print(
    nx.maximum_flow_value(nx.DiGraph([(0, 1, {"capacity": 3}), (1, 2, {"capacity": 2}), (0, 2, {"capacity": 1})]), 0, 2)
)
print(sorted(map(sorted, nx.find_cliques(g)))[:5], nx.is_planar(nx.grid_2d_graph(4, 4)))
print(list(nx.topological_sort(nx.DiGraph([(1, 2), (1, 3), (2, 4), (3, 4)]))), nx.greedy_color(g)[5])
print(sum(1 for _ in nx.all_simple_paths(nx.complete_graph(7), 0, 6)))
