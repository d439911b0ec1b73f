// Functions by own or total weight; the rows that are not on screen are not made.
import { useRef, useState } from "preact/hooks";
import { color } from "./colors";
import { KIND_NAMES } from "./data";
import { confidence, format, functionOf, functionSums, openSource, percent, place, search, tree } from "./state";

const HEIGHT = 26;

export function Table() {
  const { own, total } = functionSums.value, t = tree.value;
  const [by, setBy] = useState<"own" | "total" | "name">("own");
  const [top, setTop] = useState(0);
  const box = useRef<HTMLDivElement>(null);
  const needle = search.value.toLowerCase();
  const rows = [...total.entries()]
    .map(([func, value]) => ({ func, total: value, own: own.get(func) ?? 0, f: functionOf(func) }))
    .filter((r) => !needle || r.f[1].toLowerCase().includes(needle) || place(r.f).toLowerCase().includes(needle))
    .sort((a, b) => (by === "name" ? a.f[1].localeCompare(b.f[1]) : b[by] - a[by] || b.total - a.total));
  const view = 560, first = Math.max(0, Math.floor(top / HEIGHT) - 5), end = Math.min(rows.length, first + view / HEIGHT + 12);
  const head = (key: typeof by, text: string) => (
    <button class={`head ${by === key ? "on" : ""}`} onClick={() => setBy(key)}>{text}</button>
  );
  return (
    <div class="table">
      <div class="tr th">{head("own", "own")}<span>±</span>{head("total", "with callees")}{head("name", "function")}<span>where</span></div>
      <div class="body" ref={box} style={{ height: `${view}px` }} onScroll={() => setTop(box.current!.scrollTop)}>
        <div style={{ height: `${rows.length * HEIGHT}px`, position: "relative" }}>
          {rows.slice(first, end).map((r, k) => (
            <div class="tr" key={r.func} style={{ top: `${(first + k) * HEIGHT}px` }} onClick={() => openSource(r.f[0] === 0 || r.f[0] === 2 ? r.f[2] : -1, r.f[3])}>
              <span class="bar"><i style={{ width: `${(100 * r.own) / (t.all || 1)}%`, background: color(r.f[0]) }} />{format(r.own)} · {percent(r.own, t.all)}</span>
              <span class="dim">{confidence(r.own / (t.all || 1), t.samples)}</span>
              <span>{format(r.total)} · {percent(r.total, t.all)}</span>
              <span class="name"><i class="dot" style={{ background: color(r.f[0]) }} title={KIND_NAMES[r.f[0]]} />{r.f[1]}</span>
              <span class="dim where">{place(r.f)}</span>
            </div>
          ))}
        </div>
      </div>
      <p class="dim">{rows.length === 1 ? "1 function" : `${rows.length} functions`}</p>
    </div>
  );
}
