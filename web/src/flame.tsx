// The flame graph and the inverted one. Both lay out groups of nodes that show the same function, level by level; a group
// narrower than half a pixel ends its branch, so the work depends on the window and not on the record.
import { useRef, useState } from "preact/hooks";
import { useCanvas } from "./canvas";
import { color } from "./colors";
import { KIND_NAMES } from "./data";
import { confidence, format, functionOf, openSource, percent, place, search, selected, shortPlace, tree, type Tree, zoom, frameOf } from "./state";

const ROW = 19;

interface Box { x: number; width: number; depth: number; func: number; value: number; own: number; frame: number; path: number[] }
interface Item { node: number; value: number }

function children(t: Tree): { first: Int32Array; next: Int32Array } {
  const n = t.parent.length, first = new Int32Array(n).fill(-1), next = new Int32Array(n).fill(-1);
  for (let i = n - 1; i > 0; i--) {
    if (!t.total[i]) continue;
    next[i] = first[t.parent[i]];
    first[t.parent[i]] = i;
  }
  return { first, next };
}

interface Group { func: number; value: number; own: number; frame: number; frameValue: number; items: Item[] }

function addTo(groups: Map<number, Group>, t: Tree, node: number, value: number, own: number) {
  const func = t.func[node];
  let g = groups.get(func);
  if (!g) groups.set(func, (g = { func, value: 0, own: 0, frame: t.frame[node], frameValue: 0, items: [] }));
  g.value += value;
  g.own += own;
  if (value > g.frameValue) (g.frameValue = value), (g.frame = t.frame[node]);
  g.items.push({ node, value });
}

function layout(t: Tree, width: number, inverted: boolean, path: number[]): { boxes: Box[]; depth: number; whole: number } {
  const boxes: Box[] = [];
  let deepest = 0;
  const { first, next } = inverted ? { first: new Int32Array(), next: new Int32Array() } : children(t);
  const below = (items: Item[], groups: Map<number, Group>) => {
    for (const { node } of items)
      for (let c = first[node]; c >= 0; c = next[c])
        if (t.hidden[c]) below([{ node: c, value: 0 }], groups);
        else addTo(groups, t, c, t.total[c], t.own[c]);
  };
  const above = (items: Item[], groups: Map<number, Group>) => {
    for (const { node, value } of items) {
      let p = t.parent[node];
      while (p && t.hidden[p]) p = t.parent[p];
      if (p) addTo(groups, t, p, value, 0);
    }
  };
  const expand = (items: Item[]) => {
    const groups = new Map<number, Group>();
    if (inverted) above(items, groups);
    else below(items, groups);
    return [...groups.values()].sort((a, b) => b.value - a.value);
  };
  let start: Group[];
  if (inverted) {
    const groups = new Map<number, Group>();
    for (let i = 1; i < t.own.length; i++) {
      if (!t.own[i]) continue;
      let k = i;
      while (k && t.hidden[k]) k = t.parent[k];
      if (k) addTo(groups, t, k, t.own[i], t.own[i]);
    }
    start = [...groups.values()].sort((a, b) => b.value - a.value);
  } else start = expand([{ node: 0, value: 0 }]);
  let whole = t.all;
  // The way down to what the user zoomed to takes the full width.
  let depth = 0;
  const trail: number[] = [];
  for (const func of path) {
    const g = start.find((candidate) => candidate.func === func);
    if (!g) break;
    trail.push(func);
    boxes.push({ x: 0, width, depth, func, value: g.value, own: g.own, frame: g.frame, path: [...trail] });
    whole = g.value;
    depth++;
    start = expand(g.items);
  }
  const scale = whole ? width / whole : 0;
  const go = (groups: Group[], x: number, level: number, trailing: number[]) => {
    for (const g of groups) {
      const w = g.value * scale;
      if (w < 0.5) break;
      deepest = Math.max(deepest, level);
      const here = [...trailing, g.func];
      boxes.push({ x, width: w, depth: level, func: g.func, value: g.value, own: g.own, frame: g.frame, path: here });
      if (level < 400) go(expand(g.items), x, level + 1, here);
      x += w;
    }
  };
  go(start, 0, depth, trail);
  return { boxes, depth: Math.max(deepest, depth) + 1, whole };
}

export function Flame({ inverted }: { inverted: boolean }) {
  const t = tree.value, needle = search.value.toLowerCase(), path = zoom.value;
  const cache = useRef<{ key: unknown[]; result: ReturnType<typeof layout> } | null>(null);
  const [tip, setTip] = useState<{ box: Box; x: number; y: number } | null>(null);
  const get = (width: number) => {
    const key = [t, width, inverted, path];
    if (!cache.current || cache.current.key.some((v, i) => v !== key[i])) cache.current = { key, result: layout(t, width, inverted, path) };
    return cache.current.result;
  };
  const canvas = useCanvas((g, width) => {
    const { boxes, depth } = get(width);
    g.font = "12px system-ui, sans-serif";
    g.textBaseline = "middle";
    for (const b of boxes) {
      const f = functionOf(b.func), y = b.depth * ROW;
      const hit = needle !== "" && (f[1].toLowerCase().includes(needle) || place(f).toLowerCase().includes(needle));
      g.globalAlpha = needle && !hit ? 0.35 : 1;
      g.fillStyle = color(f[0], f[1]);
      g.fillRect(b.x, y, Math.max(0.5, b.width - 0.6), ROW - 1);
      if (hit) {
        g.strokeStyle = "#c026d3";
        g.lineWidth = 2;
        g.strokeRect(b.x + 1, y + 1, Math.max(0, b.width - 2.6), ROW - 3);
      }
      if (b.width > 34) {
        g.fillStyle = "#1b1b1b";
        const where = shortPlace(f);
        let text = where && b.width > 160 ? `${f[1]}  ${where}` : f[1];
        const room = Math.floor((b.width - 6) / 6.9);
        if (text.length > room) text = room > 2 ? text.slice(0, room - 1) + "…" : "";
        g.fillText(text, b.x + 4, y + ROW / 2);
      }
    }
    g.globalAlpha = 1;
    return Math.max(depth * ROW, 60);
  });
  const find = (event: MouseEvent): Box | undefined => {
    const c = canvas.current!;
    const r = c.getBoundingClientRect(), x = event.clientX - r.left, depth = Math.floor((event.clientY - r.top) / ROW);
    return get(c.parentElement!.clientWidth).boxes.find((b) => b.depth === depth && x >= b.x && x < b.x + Math.max(b.width, 1));
  };
  const hits = needle ? matched(t, needle) : 0;
  return (
    <div class="flame">
      <div class="crumbs">
        <button class="link" disabled={!path.length} onClick={() => (zoom.value = [])}>all {format(t.all)}</button>
        {path.map((f, i) => (
          <button class="link" key={i} onClick={() => (zoom.value = path.slice(0, i + 1))}>› {functionOf(f)[1]}</button>
        ))}
        {needle && <span class="hits">{percent(hits, t.all)} of the time has “{search.value}” on the stack</span>}
      </div>
      <div class="canvas-box">
        <canvas
          ref={canvas}
          onMouseMove={(e) => {
            const box = find(e);
            setTip(box ? { box, x: e.clientX, y: e.clientY } : null);
          }}
          onMouseLeave={() => setTip(null)}
          onClick={(e) => {
            const box = find(e);
            if (!box) return;
            selected.value = { func: box.func, frame: box.frame };
            zoom.value = box.path.length === path.length && box.path.every((f, i) => f === path[i]) ? path.slice(0, -1) : box.path;
          }}
          onDblClick={(e) => {
            const box = find(e);
            const frame = box ? frameOf(box.frame) : null;
            if (frame) openSource(frame[2], frame[3]);
          }}
        />
      </div>
      {!t.all && <p class="empty">No samples in this selection.</p>}
      {tip && <Tip box={tip.box} x={tip.x} y={tip.y} all={t.all} samples={t.samples} />}
    </div>
  );
}

function matched(t: Tree, needle: string): number {
  const n = t.parent.length, hit = new Uint8Array(n);
  const known = new Map<number, boolean>();
  let sum = 0;
  for (let i = 1; i < n; i++) {
    let m = known.get(t.func[i]);
    if (m === undefined) {
      const f = functionOf(t.func[i]);
      m = f[1].toLowerCase().includes(needle) || place(f).toLowerCase().includes(needle);
      known.set(t.func[i], m);
    }
    hit[i] = m || hit[t.parent[i]] ? 1 : 0;
    if (hit[i]) sum += t.own[i];
  }
  return sum;
}

function Tip({ box, x, y, all, samples }: { box: Box; x: number; y: number; all: number; samples: number }) {
  const f = functionOf(box.func);
  const style = { left: `${Math.min(x + 14, window.innerWidth - 440)}px`, top: `${y + 16}px` };
  return (
    <div class="tip" style={style}>
      <b>{f[1]}</b> <span class="kind">{KIND_NAMES[f[0]]}</span>
      <div class="where">{place(f)}</div>
      <div>
        {format(box.value)} · {percent(box.value, all)} <span class="dim">{confidence(box.value / all, samples)}</span>
        {box.own > 0 && <> · own {format(box.own)}</>}
      </div>
      <div class="dim">click: zoom · double click: source</div>
    </div>
  );
}
