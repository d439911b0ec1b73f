"""Networkx: components, shortest paths, ranks and centrality of a generated graph."""

import networkx as nx

N = 8


def run(n):
    total = 0
    for _ in range(n):
        graph = nx.Graph()
        for i in range(250):
            for step in (1, 7, 31):
                graph.add_edge(i, (i * 3 + step) % 250, weight=(i * step) % 13 + 1)
        total += nx.number_connected_components(graph)
        lengths = dict(nx.all_pairs_shortest_path_length(graph, cutoff=4))
        total += sum(sum(d.values()) for d in lengths.values())
        distance = nx.single_source_dijkstra_path_length(graph, 0)
        total += sum(distance.values())
        centrality = nx.betweenness_centrality(graph, k=12, seed=1)
        total += round(sum(centrality.values()), 6)
        total += len(list(nx.biconnected_components(graph)))
        total += sum(nx.core_number(graph).values())
    return total
