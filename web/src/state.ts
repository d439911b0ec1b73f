// What the user has chosen, as signals, and the sums that follow from it.
import { computed, signal } from "@preact/signals";
import { type Data, type Frame, type Func, Kind } from "./data";

export type Weight = "cpu" | "wall" | "wait" | "bytes";
export type View = "flame" | "inverted" | "functions" | "source" | "about";

export const data = signal<Data>(null as unknown as Data);
export const weight = signal<Weight>("cpu");
export const view = signal<View>("flame");
export const threadFilter = signal<number>(-1);
export const processFilter = signal<number>(-1);
export const taskFilter = signal<number>(-1);
export const range = signal<[number, number] | null>(null);
export const search = signal("");
export const plumbing = signal(false);
/** Nodes of the flame graph that it is zoomed to, as a path of function numbers. */
export const zoom = signal<number[]>([]);
export const selected = signal<{ func: number; frame: number } | null>(null);
export const sourcePlace = signal<{ file: number; line: number } | null>(null);

/** Pseudo frames for what a sample's time was if it was no running code; numbered after the real functions. */
export const PSEUDO = [Kind.Blocked, Kind.GilWait, Kind.Preempted, Kind.Collector] as const;
const PSEUDO_NAMES = ["blocked in a system call", "waiting for the GIL", "ready, but not running", "garbage collection"];

export function functionOf(number: number): Func {
  const all = data.value.meta.functions;
  return number < all.length ? all[number] : [PSEUDO[number - all.length], PSEUDO_NAMES[number - all.length], -1, 0];
}

export function frameOf(number: number): Frame | null {
  return data.value.meta.frames[number] ?? null;
}

export interface Tree {
  /** For each node: parent, function, frame, own weight, weight with callees. Real nodes first, then pseudo nodes. */
  parent: Uint32Array;
  func: Uint32Array;
  frame: Int32Array;
  own: Float64Array;
  total: Float64Array;
  hidden: Uint8Array;
  all: number;
  samples: number;
}

const HOLDS = 32; // format.COLLECTING

/** Which samples count: indexes of the time range, and tests for the rest. */
function chosen(d: Data): { first: number; end: number; test: (i: number) => boolean } {
  const lowerBound = (t: number) => {
    let lo = 0, hi = d.count;
    while (lo < hi) {
      const mid = (lo + hi) >> 1;
      if (d.time[mid] < t) lo = mid + 1;
      else hi = mid;
    }
    return lo;
  };
  const r = range.value;
  const t = threadFilter.value, p = processFilter.value, k = taskFilter.value;
  const threads = d.meta.threads;
  return {
    first: r ? lowerBound(r[0]) : 0,
    end: r ? lowerBound(r[1]) : d.count,
    test: (i) => (t < 0 || d.thread[i] === t) && (p < 0 || threads[d.thread[i]].process === p) && (k < 0 || d.task[i] === k),
  };
}

export const tree = computed<Tree>(() => {
  const d = data.value, w = weight.value, show = plumbing.value;
  const real = d.parent.length, kinds = PSEUDO.length, functions = d.meta.functions.length;
  const pseudo = new Map<number, number>();
  const parents: number[] = [], funcs: number[] = [];
  const pseudoNode = (node: number, kind: number) => {
    const key = node * kinds + kind;
    let found = pseudo.get(key);
    if (found === undefined) {
      found = real + parents.length;
      pseudo.set(key, found);
      parents.push(node);
      funcs.push(functions + kind);
    }
    return found;
  };
  const { first, end, test } = chosen(d);
  const ownReal = new Float64Array(real), ownPseudo: number[] = [];
  let samples = 0;
  const add = (node: number, value: number) => {
    if (node < real) ownReal[node] += value;
    else ownPseudo[node - real] = (ownPseudo[node - real] ?? 0) + value;
  };
  for (let i = first; i < end; i++) {
    if (!test(i)) continue;
    samples++;
    if (w !== "wait" && d.cpu[i]) add(d.flags[i] & HOLDS ? pseudoNode(d.node[i], 3) : d.node[i], d.cpu[i]);
    if ((w === "wait" || w === "wall") && d.wait[i]) add(pseudoNode(d.node[i], d.state[i] === 2 ? 1 : d.state[i] === 3 ? 2 : 0), d.wait[i]);
  }
  const n = real + parents.length;
  const t: Tree = {
    parent: new Uint32Array(n), func: new Uint32Array(n), frame: new Int32Array(n).fill(-1),
    own: new Float64Array(n), total: new Float64Array(n), hidden: new Uint8Array(n), all: 0, samples,
  };
  t.parent.set(d.parent);
  t.own.set(ownReal);
  for (let i = 0; i < real; i++) {
    t.frame[i] = d.frame[i];
    t.func[i] = d.meta.frames[d.frame[i]][1];
    t.hidden[i] = !show && i > 0 && d.meta.frames[d.frame[i]][0] === Kind.Plumbing ? 1 : 0;
  }
  for (let i = 0; i < parents.length; i++) {
    t.parent[real + i] = parents[i];
    t.func[real + i] = funcs[i];
    t.own[real + i] = ownPseudo[i] ?? 0;
  }
  t.total.set(t.own);
  for (let i = n - 1; i > 0; i--) t.total[t.parent[i]] += t.total[i];
  t.all = t.total[0];
  return t;
});

/** Own and total weight of each function; a recursive function counts once a stack. */
export interface FunctionSums { own: Map<number, number>; total: Map<number, number> }

export const functionSums = computed<FunctionSums>(() => {
  const t = tree.value;
  const own = new Map<number, number>(), total = new Map<number, number>();
  const n = t.parent.length;
  // Hidden frames' own time is their nearest shown caller's.
  const shown = new Uint32Array(n);
  for (let i = 1; i < n; i++) shown[i] = t.hidden[i] ? shown[t.parent[i]] : i;
  for (let i = 1; i < n; i++) {
    if (!t.own[i]) continue;
    const leaf = shown[i];
    if (leaf) own.set(t.func[leaf], (own.get(t.func[leaf]) ?? 0) + t.own[i]);
    const seen = new Set<number>();
    for (let k = leaf; k; k = shown[t.parent[k]]) {
      const f = t.func[k];
      if (seen.has(f)) continue;
      seen.add(f);
      total.set(f, (total.get(f) ?? 0) + t.own[i]);
    }
  }
  return { own, total };
});

export function format(value: number): string {
  if (weight.value === "bytes") {
    for (const [unit, size] of [["GiB", 2 ** 30], ["MiB", 2 ** 20], ["KiB", 1024]] as const)
      if (value >= size) return `${(value / size).toFixed(1)} ${unit}`;
    return `${value.toFixed(0)} B`;
  }
  if (value >= 1e6) return `${(value / 1e6).toFixed(2)} s`;
  if (value >= 1e3) return `${(value / 1e3).toFixed(1)} ms`;
  return `${value.toFixed(0)} µs`;
}

export function percent(value: number, all: number): string {
  return all ? `${((100 * value) / all).toFixed(1)} %` : "–";
}

/** Half of the 95 % interval of a share, in points (Wilson). */
export function confidence(share: number, samples: number): string {
  if (!samples) return "";
  const z = 1.96, p = Math.min(1, Math.max(0, share));
  return `±${((100 * z) / (1 + (z * z) / samples) * Math.sqrt((p * (1 - p)) / samples + (z * z) / (4 * samples * samples))).toFixed(1)}`;
}

export function place(f: Func): string {
  const files = data.value.meta.files;
  if (f[2] < 0) return "";
  return f[0] === Kind.Python || f[0] === Kind.Compiled ? `${files[f[2]]}:${f[3]}` : files[f[2]];
}

export function shortPlace(f: Func): string {
  return place(f).replace(/^.*\/(?=[^/]+$)/, "");
}

export function openSource(file: number, line: number) {
  if (file < 0) return;
  sourcePlace.value = { file, line };
  view.value = "source";
}
