export type Palette = number[][];
export interface Options {
  palette?: Palette;
  delay?: number;
  repeat?: number;
}
export interface Encoder {
  writeFrame(index: Uint8Array, width: number, height: number, options?: Options): void;
  finish(): void;
  bytes(): Uint8Array<ArrayBuffer>;
}
export function GIFEncoder(): Encoder;
export function quantize(rgba: Uint8Array | Uint8ClampedArray, most: number): Palette;
export function applyPalette(rgba: Uint8Array | Uint8ClampedArray, palette: Palette): Uint8Array;
