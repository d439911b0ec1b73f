// One row a thread: what it did in each moment, by colour. Dragging selects a range of time for all views.
import { useRef, useState } from "preact/hooks";
import { useCanvas } from "./canvas";
import { color } from "./colors";
import { type Data, Kind } from "./data";
import { data, format, processFilter, range, threadFilter } from "./state";

const ROW = 24, LABEL = 210, MAX_ROWS = 14;
const HOLDS_GIL = 16, COLLECTING = 32;

/** Microseconds by kind for each pixel column of each thread. */
function bins(d: Data, columns: number, from: number, to: number): Map<number, Float32Array[]> {
  const scale = columns / (to - from || 1);
  const out = new Map<number, Float32Array[]>();
  const put = (row: Float32Array[], kind: number, start: number, end: number) => {
    let a = (Math.max(start, from) - from) * scale;
    const b = (Math.min(end, to) - from) * scale;
    const lane = (row[kind] ??= new Float32Array(columns));
    while (a < b) {
      const column = Math.floor(a), stop = Math.min(b, column + 1);
      if (column >= 0 && column < columns) lane[column] += stop - a;
      a = stop > a ? stop : a + 1;
    }
  };
  for (let i = 0; i < d.count; i++) {
    let row = out.get(d.thread[i]);
    if (!row) out.set(d.thread[i], (row = []));
    const end = d.time[i];
    if (d.wait[i]) put(row, d.state[i] === 2 ? Kind.GilWait : d.state[i] === 3 ? Kind.Preempted : Kind.Blocked, end - d.wait[i] - d.cpu[i], end - d.cpu[i]);
    if (d.cpu[i]) {
      const kind = d.flags[i] & COLLECTING ? Kind.Collector : d.meta.frames[d.frame[d.node[i]]][0];
      put(row, kind === Kind.Plumbing ? Kind.Python : kind, end - d.cpu[i], end);
      if (d.flags[i] & HOLDS_GIL) put(row, 10, end - d.cpu[i], end); // a thin line: holds the GIL
    }
  }
  return out;
}

const LANES = [Kind.Python, Kind.Compiled, Kind.Native, Kind.Kernel, Kind.Collector, Kind.Mark, Kind.GilWait, Kind.Preempted, Kind.Blocked];

export function Timeline() {
  const d = data.value;
  const [window_, setWindow] = useState<[number, number] | null>(null);
  const [drag, setDrag] = useState<[number, number] | null>(null);
  const [all, setAll] = useState(false);
  const last = d.count ? d.time[d.count - 1] : 1;
  let earliest = 0;
  if (d.count) earliest = Math.min(0, -d.wait[0] - d.cpu[0]);
  const [from, to] = window_ ?? [earliest, last];
  const busy = new Map<number, number>();
  for (let i = 0; i < d.count; i++) busy.set(d.thread[i], (busy.get(d.thread[i]) ?? 0) + d.cpu[i]);
  const threads = d.meta.threads
    .map((_, i) => i)
    .filter((i) => processFilter.value < 0 || d.meta.threads[i].process === processFilter.value)
    .sort((a, b) => d.meta.threads[a].process - d.meta.threads[b].process || (busy.get(b) ?? 0) - (busy.get(a) ?? 0));
  const shown = all ? threads : threads.slice(0, MAX_ROWS);
  const cache = useRef<{ key: unknown[]; value: Map<number, Float32Array[]> } | null>(null);
  const canvas = useCanvas((g, width) => {
    const columns = Math.max(50, Math.floor(width - LABEL - 4));
    const key = [d, columns, from, to];
    if (!cache.current || cache.current.key.some((v, i) => v !== key[i])) cache.current = { key, value: bins(d, columns, from, to) };
    const style = getComputedStyle(document.body);
    g.font = "12px system-ui, sans-serif";
    g.textBaseline = "middle";
    shown.forEach((thread, r) => {
      const y = r * ROW, row = cache.current!.value.get(thread);
      g.fillStyle = style.getPropertyValue("--lane");
      g.fillRect(LABEL, y + 2, columns, ROW - 4);
      g.globalAlpha = threadFilter.value >= 0 && threadFilter.value !== thread ? 0.4 : 1;
      g.fillStyle = style.getPropertyValue("--text");
      const t = d.meta.threads[thread];
      const many = d.meta.processes.length > 1 ? `${d.meta.processes[t.process].pid} ` : "";
      g.fillText(clip(`${many}${t.name}`, 30), 4, y + ROW / 2);
      if (row)
        for (let c = 0; c < columns; c++) {
          let base = y + ROW - 2;
          for (const lane of LANES) {
            const value = row[lane]?.[c];
            if (!value) continue;
            const h = Math.min(value * (ROW - 4), base - y - 2);
            g.fillStyle = color(lane);
            g.fillRect(LABEL + c, base - h, 1.1, h);
            base -= h;
            if (base <= y + 2) break;
          }
          if ((row[10]?.[c] ?? 0) > 0.3) {
            g.fillStyle = "#b45309";
            g.fillRect(LABEL + c, y + ROW - 2, 1.1, 2);
          }
        }
      g.globalAlpha = 1;
    });
    const x = (t: number) => LABEL + ((t - from) / (to - from || 1)) * columns;
    const mark = drag ?? range.value;
    if (mark) {
      g.fillStyle = style.getPropertyValue("--mark");
      const a = Math.max(LABEL, x(Math.min(...mark))), b = Math.min(LABEL + columns, x(Math.max(...mark)));
      g.fillRect(a, 0, Math.max(1, b - a), shown.length * ROW);
    }
    const axis = shown.length * ROW + 8;
    g.fillStyle = style.getPropertyValue("--dim");
    for (let k = 0; k <= 6; k++) {
      const t = from + ((to - from) * k) / 6;
      const label = t >= 1e6 ? `${(t / 1e6).toFixed(2)} s` : `${(t / 1e3).toFixed(0)} ms`;
      g.fillText(label, Math.min(x(t), LABEL + columns - 44), axis);
    }
    return shown.length * ROW + 18;
  });
  const timeAt = (e: MouseEvent) => {
    const r = canvas.current!.getBoundingClientRect();
    return from + ((e.clientX - r.left - LABEL) / (r.width - LABEL - 4)) * (to - from);
  };
  const rowAt = (e: MouseEvent) => shown[Math.floor((e.clientY - canvas.current!.getBoundingClientRect().top) / ROW)];
  return (
    <section class="timeline" aria-label="timeline of threads">
      <div class="canvas-box">
        <canvas
          ref={canvas}
          onMouseDown={(e) => {
            const r = canvas.current!.getBoundingClientRect();
            if (e.clientX - r.left < LABEL) {
              const t = rowAt(e);
              if (t !== undefined) threadFilter.value = threadFilter.value === t ? -1 : t;
            } else setDrag([timeAt(e), timeAt(e)]);
          }}
          onMouseMove={(e) => drag && setDrag([drag[0], timeAt(e)])}
          onMouseUp={(e) => {
            if (!drag) return;
            const a = Math.min(drag[0], timeAt(e)), b = Math.max(drag[0], timeAt(e));
            range.value = b - a < (to - from) / 300 ? null : [a, b];
            setDrag(null);
          }}
          onWheel={(e) => {
            if (!e.ctrlKey) return;
            e.preventDefault();
            const middle = timeAt(e), factor = e.deltaY > 0 ? 1.3 : 1 / 1.3;
            const a = Math.max(earliest, middle - (middle - from) * factor), b = Math.min(last, middle + (to - middle) * factor);
            setWindow(a <= earliest && b >= last ? null : [a, b]);
          }}
        />
      </div>
      <div class="row">
        {threads.length > MAX_ROWS && <button class="link" onClick={() => setAll(!all)}>{all ? "fewer" : `all ${threads.length}`} threads</button>}
        {range.value && <button class="link" onClick={() => (range.value = null)}>clear selection ({format(range.value[1] - range.value[0])})</button>}
        {range.value && <button class="link" onClick={() => setWindow(range.value)}>zoom to it</button>}
        {window_ && <button class="link" onClick={() => setWindow(null)}>whole recording</button>}
        <span class="dim">drag: select time · ctrl+wheel: zoom · click a name: only that thread</span>
      </div>
    </section>
  );
}

function clip(text: string, most: number) {
  return text.length > most ? text.slice(0, most - 1) + "…" : text;
}
