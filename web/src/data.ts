// The record as columns. view.py writes them as planes of bytes (all lowest bytes first), which gzip packs far better than
// whole numbers; here they become typed arrays again.

export interface Column { name: string; bytes: number; count: number }
export interface Process { name: string; pid: number; python: string; clock: string; ended: boolean; command: string }
export interface Thread { process: number; name: string; tid: number }

/** kind, function, file, line, column, end line, end column, instruction; -1 or 0 where unknown. */
export type Frame = [number, number, number, number, number, number, number, number];

/** kind, name, file or library, first line. */
export type Func = [number, string, number, number];

export interface Meta {
  title: string;
  duration: number;
  quality: string[];
  processes: Process[];
  threads: Thread[];
  tasks: string[];
  /** Lines that held the GIL while others waited, with microseconds of waiting. */
  holders: [string, number][];
  files: string[];
  functions: Func[];
  frames: Frame[];
  sources: Record<string, string>;
  bytecode: Record<string, [number, number, string][]>;
  /** By compiled function: line, instruction, unit, offset, machine instruction. */
  machine: Record<string, [number, number, string, number, string][]>;
  memory: boolean;
  columns: Column[];
}

export const enum Kind { Python, Native, Compiled, Kernel, Mark, Plumbing, Collector, GilWait, Blocked, Preempted }

export const KIND_NAMES = ["Python", "native", "compiled", "kernel", "cut", "interpreter", "garbage collection", "GIL wait", "blocked", "ready, not running"];

export interface Data {
  meta: Meta;
  count: number;
  /** Microseconds since the first sample. */
  time: Float64Array;
  cpu: Float64Array;
  wait: Float64Array;
  node: Uint32Array;
  thread: Uint16Array;
  task: Uint16Array;
  state: Uint8Array;
  flags: Uint16Array;
  parent: Uint32Array;
  frame: Uint32Array;
}

async function inflate(text: string): Promise<Uint8Array> {
  const packed = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

export async function load(): Promise<Data> {
  const element = (id: string) => {
    const found = document.getElementById(id);
    if (!found) throw new Error("this page holds no record: it is made by overdrive view");
    return found.textContent ?? "";
  };
  const meta: Meta = JSON.parse(new TextDecoder().decode(await inflate(element("meta"))));
  const raw = await inflate(element("columns"));
  let at = 0;
  const columns: Record<string, Float64Array> = {};
  for (const { name, bytes, count } of meta.columns) {
    const out = new Float64Array(count);
    for (let plane = 0, scale = 1; plane < bytes; plane++, scale *= 256) {
      for (let i = 0; i < count; i++) out[i] += raw[at + i] * scale;
      at += count;
    }
    columns[name] = out;
  }
  const time = columns.dt;
  for (let i = 1; i < time.length; i++) time[i] += time[i - 1];
  return {
    meta,
    count: time.length,
    time,
    cpu: columns.cpu,
    wait: columns.wait,
    node: Uint32Array.from(columns.node),
    thread: Uint16Array.from(columns.thread),
    task: Uint16Array.from(columns.task),
    state: Uint8Array.from(columns.state),
    flags: Uint16Array.from(columns.flags),
    parent: Uint32Array.from(columns.parent),
    frame: Uint32Array.from(columns.frame),
  };
}
