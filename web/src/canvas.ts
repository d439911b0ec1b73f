// A canvas that is as sharp as the screen and follows its element's width.
import { useEffect, useRef } from "preact/hooks";

export function useCanvas(draw: (g: CanvasRenderingContext2D, width: number) => number) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const latest = useRef(draw);
  latest.current = draw;
  const redraw = useRef(() => {});
  redraw.current = () => {
    const c = canvas.current;
    if (!c || !c.parentElement) return;
    const width = c.parentElement.clientWidth, scale = window.devicePixelRatio || 1;
    const measure = document.createElement("canvas").getContext("2d")!;
    const height = latest.current(measure, width);
    c.width = width * scale;
    c.height = Math.max(1, height) * scale;
    c.style.width = `${width}px`;
    c.style.height = `${height}px`;
    const g = c.getContext("2d")!;
    g.scale(scale, scale);
    latest.current(g, width);
  };
  useEffect(() => redraw.current());
  useEffect(() => {
    const again = () => redraw.current();
    window.addEventListener("resize", again);
    return () => window.removeEventListener("resize", again);
  }, []);
  return canvas;
}
