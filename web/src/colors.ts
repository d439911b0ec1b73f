// One hue a layer, so that a glance tells Python, native code, the kernel and waiting apart; the shade varies by name.
import { Kind } from "./data";

const HUES: Record<number, [number, number, number]> = {
  [Kind.Python]: [45, 88, 66],
  [Kind.Native]: [210, 60, 68],
  [Kind.Compiled]: [140, 55, 60],
  [Kind.Kernel]: [18, 80, 66],
  [Kind.Mark]: [0, 0, 70],
  [Kind.Plumbing]: [222, 14, 76],
  [Kind.Collector]: [285, 45, 70],
  [Kind.GilWait]: [350, 70, 68],
  [Kind.Blocked]: [200, 10, 82],
  [Kind.Preempted]: [30, 25, 76],
};

export function color(kind: number, name = ""): string {
  const [h, s, l] = HUES[kind] ?? HUES[Kind.Mark];
  let hash = 0;
  for (let i = 0; i < name.length; i++) hash = (hash * 31 + name.charCodeAt(i)) | 0;
  const shift = name ? ((hash >>> 3) % 13) - 6 : 0;
  return `hsl(${h + shift * 0.9} ${s}% ${l + shift}%)`;
}
