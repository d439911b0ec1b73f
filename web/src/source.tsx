// A file with the heat of its lines, of the columns within them, and on request of a line's bytecode and machine code.
import { computed } from "@preact/signals";
import { useEffect, useRef, useState } from "preact/hooks";
import { Kind } from "./data";
import { data, format, percent, sourcePlace, tree } from "./state";

interface LineHeat { own: number; total: number; spans: Map<string, number>; instructions: Map<number, number> }

/** Weight by file and line: own (the line's own bytecode and the native code it called) and with Python callees. */
const heat = computed(() => {
  const t = tree.value, frames = data.value.meta.frames;
  const files = new Map<number, Map<number, LineHeat>>();
  const line = (file: number, number: number) => {
    let f = files.get(file);
    if (!f) files.set(file, (f = new Map()));
    let l = f.get(number);
    if (!l) f.set(number, (l = { own: 0, total: 0, spans: new Map(), instructions: new Map() }));
    return l;
  };
  for (let i = 1; i < t.parent.length; i++) {
    if (!t.own[i]) continue;
    let innermost = true;
    const seen = new Set<string>();
    for (let k = i; k; k = t.parent[k]) {
      const frame = t.frame[k] >= 0 ? frames[t.frame[k]] : null;
      if (!frame || (frame[0] !== Kind.Python && frame[0] !== Kind.Compiled)) continue;
      const [, func, file, number, column, endLine, endColumn, instruction] = frame;
      const key = `${file}:${number}`;
      const l = line(file, number);
      if (!seen.has(key)) seen.add(key), (l.total += t.own[i]);
      if (innermost) {
        l.own += t.own[i];
        const span = `${column}:${endLine}:${endColumn}`;
        if (column >= 0) l.spans.set(span, (l.spans.get(span) ?? 0) + t.own[i]);
        const place = func * 65536 + instruction;
        l.instructions.set(place, (l.instructions.get(place) ?? 0) + t.own[i]);
        innermost = false;
      }
    }
  }
  return files;
});

export function Source() {
  const d = data.value, files = heat.value;
  const [open, setOpen] = useState(-1);
  const ranked = [...files.entries()]
    .map(([file, lines]) => ({ file, own: [...lines.values()].reduce((s, l) => s + l.own, 0) }))
    .sort((a, b) => b.own - a.own);
  const place = sourcePlace.value ?? (ranked.length ? { file: ranked[0].file, line: hottest(files.get(ranked[0].file)!) } : null);
  const target = useRef<HTMLDivElement>(null);
  useEffect(() => target.current?.scrollIntoView({ block: "center" }), [place?.file, place?.line]);
  if (!place) return <p class="empty">No Python in this selection.</p>;
  const text = d.meta.sources[place.file], lines = files.get(place.file) ?? new Map<number, LineHeat>();
  const all = tree.value.all || 1;
  const most = Math.max(...[...lines.values()].map((l) => l.own), 1);
  const rows = text?.split("\n") ?? [];
  const encoder = new TextEncoder(), decoder = new TextDecoder();
  return (
    <div class="source">
      <nav>
        {ranked.slice(0, 60).map(({ file, own }) => (
          <button key={file} class={file === place.file ? "on" : ""} title={d.meta.files[file]} onClick={() => (sourcePlace.value = { file, line: hottest(files.get(file)!) })}>
            <span>{d.meta.files[file].replace(/^.*\/(?=[^/]+$)/, "")}</span><span class="dim">{percent(own, all)}</span>
          </button>
        ))}
      </nav>
      <div class="code">
        <h3>{d.meta.files[place.file]}</h3>
        {text === undefined && <p class="empty">The text of this file is not in the record; these are its lines with samples.</p>}
        {(text === undefined ? [...lines.keys()].sort((a, b) => a - b) : rows.map((_, i) => i + 1)).map((number) => {
          const l = lines.get(number), row = rows[number - 1] ?? "";
          return (
            <div key={number} ref={number === place.line ? target : undefined}>
              <div class={`line ${number === place.line ? "here" : ""}`} onClick={() => l && setOpen(open === number ? -1 : number)}>
                <span class="own" style={l ? { background: `rgb(220 60 20 / ${(0.75 * l.own) / most})` } : {}}>{l?.own ? `${format(l.own)} ${percent(l.own, all)}` : ""}</span>
                <span class="total dim">{l && l.total > l.own ? percent(l.total, all) : ""}</span>
                <span class="number">{number}</span>
                <code>{l ? spans(row, l, number, encoder, decoder) : row}</code>
              </div>
              {open === number && l && <Bytecode heat={l} line={number} all={all} />}
            </div>
          );
        })}
      </div>
    </div>
  );
}

function hottest(lines: Map<number, LineHeat>): number {
  return [...lines.entries()].sort((a, b) => b[1].own - a[1].own)[0]?.[0] ?? 1;
}

/** The line's text with each column's share of the line's own weight as background. Columns count bytes of UTF-8. */
function spans(row: string, l: LineHeat, number: number, encoder: TextEncoder, decoder: TextDecoder) {
  if (!l.spans.size || !l.own) return row;
  const bytes = encoder.encode(row), depth = new Float64Array(bytes.length + 1);
  for (const [key, value] of l.spans) {
    const [column, endLine, endColumn] = key.split(":").map(Number);
    const stop = endLine > number ? bytes.length : Math.min(endColumn, bytes.length);
    for (let i = column; i < stop; i++) depth[i] += value / l.own;
  }
  const out = [];
  for (let i = 0; i < bytes.length; ) {
    let j = i + 1;
    while (j < bytes.length && (depth[j] === depth[i] || (bytes[j] & 0xc0) === 0x80)) j++;
    const piece = decoder.decode(bytes.subarray(i, j));
    out.push(depth[i] > 0.01 ? <mark style={{ background: `rgb(230 120 20 / ${0.1 + 0.6 * depth[i]})` }} title={`${(100 * depth[i]).toFixed(0)} % of the line`}>{piece}</mark> : piece);
    i = j;
  }
  return out;
}

function Bytecode({ heat: l, line, all }: { heat: LineHeat; line: number; all: number }) {
  const d = data.value;
  const functions = new Set([...l.instructions.keys()].map((k) => Math.floor(k / 65536)));
  return (
    <div class="bytecode">
      {[...functions].map((func) => {
        const rows = (d.meta.bytecode[func] ?? []).filter(([, at]) => at === line);
        const machine = (d.meta.machine[func] ?? []).filter(([at]) => at === line);
        return (
          <div key={func}>
            <b>{d.meta.functions[func][1]}</b>
            {!rows.length && <span class="dim"> no bytecode in the record for this Python version</span>}
            {rows.map(([instruction, , text]) => {
              const value = l.instructions.get(func * 65536 + instruction) ?? 0;
              return (
                <div class="instruction" key={instruction}>
                  <span class="own">{value ? `${format(value)} ${percent(value, all)}` : ""}</span>
                  <span class="number">{instruction * 2}</span>
                  <code>{text}</code>
                </div>
              );
            })}
            {!!machine.length && <Machine rows={machine} />}
          </div>
        );
      })}
    </div>
  );
}

/** The line's machine code, where it was compiled: unit by unit, each instruction with the bytecode that it runs. */
function Machine({ rows }: { rows: [number, number, string, number, string][] }) {
  return (
    <details class="machine">
      <summary>machine code, {rows.length === 1 ? "1 instruction" : `${rows.length} instructions`}</summary>
      {rows.map(([, instruction, unit, offset, text], k) => (
        <>
          {unit !== rows[k - 1]?.[2] && <b>{unit}</b>}
          <div class="instruction">
            <span class="own dim">{unit === rows[k - 1]?.[2] && instruction === rows[k - 1][1] ? "" : instruction * 2}</span>
            <span class="number">{offset.toString(16)}</span>
            <code>{text}</code>
          </div>
        </>
      ))}
    </details>
  );
}
