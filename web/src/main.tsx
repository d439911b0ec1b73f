// The page: header with choices, timeline, and one of the views.
import { render } from "preact";
import { color } from "./colors";
import { KIND_NAMES, Kind, load } from "./data";
import { Flame } from "./flame";
import { Source } from "./source";
import { data, format, plumbing, processFilter, range, search, taskFilter, threadFilter, tree, view, weight, type View, type Weight, zoom } from "./state";
import { Table } from "./table";
import { Timeline } from "./timeline";

const VIEWS: [View, string][] = [["flame", "Flame graph"], ["inverted", "Inverted"], ["functions", "Functions"], ["source", "Source"], ["about", "About"]];

function App() {
  const d = data.value, m = d.meta;
  const weights: [Weight, string][] = m.memory ? [["bytes", "Bytes"]] : [["cpu", "CPU time"], ["wall", "Wall time"], ["wait", "Waits"]];
  const filtered = threadFilter.value >= 0 || processFilter.value >= 0 || taskFilter.value >= 0 || range.value;
  return (
    <>
      <header>
        <h1>{m.title}</h1>
        <span class="dim">{format(m.duration)} · {m.processes.length === 1 ? "1 process" : `${m.processes.length} processes`} · {m.threads.length === 1 ? "1 thread" : `${m.threads.length} threads`} · {tree.value.samples.toLocaleString("en")} samples shown</span>
        <span class="grow" />
        <span class="group" role="group" aria-label="weight">
          {weights.map(([key, text]) => <button key={key} class={weight.value === key ? "on" : ""} onClick={() => (weight.value = key)}>{text}</button>)}
        </span>
        <input type="search" placeholder="search functions, files" value={search.value} onInput={(e) => (search.value = e.currentTarget.value)} />
      </header>
      <p class="quality">{m.quality.map((q, i) => <span key={i}>{q}</span>)}</p>
      <Timeline />
      <nav class="tabs">
        {VIEWS.map(([key, text]) => <button key={key} id={`tab-${key}`} class={view.value === key ? "on" : ""} onClick={() => ((view.value = key), (zoom.value = []))}>{text}</button>)}
        <span class="grow" />
        {m.processes.length > 1 && (
          <select value={processFilter.value} onChange={(e) => (processFilter.value = Number(e.currentTarget.value))}>
            <option value={-1}>all processes</option>
            {m.processes.map((p, i) => <option key={i} value={i}>{p.pid} {p.name}</option>)}
          </select>
        )}
        {m.tasks.length > 1 && (
          <select value={taskFilter.value} onChange={(e) => (taskFilter.value = Number(e.currentTarget.value))}>
            <option value={-1}>all tasks</option>
            {m.tasks.map((name, i) => <option key={i} value={i}>{name}</option>)}
          </select>
        )}
        <label><input type="checkbox" checked={plumbing.value} onChange={(e) => (plumbing.value = e.currentTarget.checked)} /> interpreter's own frames</label>
        {filtered && <button class="link" onClick={() => { threadFilter.value = processFilter.value = taskFilter.value = -1; range.value = null; }}>clear filters</button>}
      </nav>
      <main>
        {view.value === "flame" && <Flame inverted={false} />}
        {view.value === "inverted" && <Flame inverted={true} />}
        {view.value === "functions" && <Table />}
        {view.value === "source" && <Source />}
        {view.value === "about" && <About />}
      </main>
      <footer>
        {[Kind.Python, Kind.Compiled, Kind.Native, Kind.Plumbing, Kind.Kernel, Kind.Collector, Kind.GilWait, Kind.Preempted, Kind.Blocked].map((k) => (
          <span key={k}><i class="dot" style={{ background: color(k) }} />{KIND_NAMES[k]}</span>
        ))}
        <span><i class="dot" style={{ background: "#b45309" }} />line under a thread: it holds the GIL</span>
      </footer>
    </>
  );
}

function About() {
  const m = data.value.meta;
  return (
    <div class="about">
      <h2>How sure this is</h2>
      <ul>{m.quality.map((q, i) => <li key={i}>{q}</li>)}</ul>
      <p>A share of p from n samples is known to within about ±2·√(p(1−p)/n); each number's ± shows the 95 % interval.</p>
      {m.holders.length > 0 && (
        <>
          <h2>Lines that held the GIL while others waited</h2>
          <table><tbody>{m.holders.map(([place, time], i) => <tr key={i}><td>{format(time)}</td><td>{place}</td></tr>)}</tbody></table>
        </>
      )}
      <h2>Processes</h2>
      <table>
        <thead><tr><th>pid</th><th>command</th><th>Python</th><th>clock</th><th>ended</th></tr></thead>
        <tbody>{m.processes.map((p, i) => <tr key={i}><td>{p.pid}</td><td>{p.command}</td><td>{p.python}</td><td>{p.clock}</td><td>{p.ended ? "by itself" : "cut off"}</td></tr>)}</tbody>
      </table>
    </div>
  );
}

load().then(
  (loaded) => {
    data.value = loaded;
    if (loaded.meta.memory) weight.value = "bytes";
    document.title = loaded.meta.title;
    const root = document.getElementById("app")!;
    root.textContent = "";
    render(<App />, root);
    requestAnimationFrame(() => root.setAttribute("data-ready", String(Math.round(performance.now()))));
  },
  (error) => {
    document.getElementById("app")!.textContent = `This page cannot be shown: ${error instanceof Error ? error.message : error}`;
  },
);
