// Whether a page still looks as it did: pictures as coarse grids of colours, which say what stands where and on which ground.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Pixels of a cell's side. */
const CELL = 20;
/** And in a kept picture, which people look at too. */
const KEPT_CELL = 4;
/** Levels, of 255, by which a colour is another one. A panel's ground is 8 or 9 from the page's. */
const ANOTHER = 3;
/** The part of all cells that may be others, and how far all of them may be off on the whole. */
const MOST_OTHERS = 0.025;
const MOST_OFF = 1;

/** A picture's grid. `bench` is a page of its own: the browser knows how to read pictures. */
export function gridOf(bench, picture, cell = CELL) {
  return bench.evaluate(averages, { picture: picture.toString('base64'), cell });
}

/** The grid of a kept picture, or null where there is none. */
export async function keptGrid(bench, file) {
  try {
    return await gridOf(bench, await readFile(file), KEPT_CELL);
  } catch (error) {
    if (error.code === 'ENOENT') return null;
    throw error;
  }
}

/** Keeps a grid as a picture. */
export async function keep(bench, grid, file) {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, Buffer.from(await bench.evaluate(drawing, { ...grid, cell: KEPT_CELL }), 'base64'));
}

/** How two grids are not alike, in words; nothing when they are. */
export function unlike(kept, now) {
  const { columns, rows } = kept;
  if (columns !== now.columns || rows !== now.rows) return `${now.columns} × ${now.rows} cells instead of ${columns} × ${rows}`;
  const places = Array.from({ length: columns * rows }, (_, at) => [at % columns, Math.floor(at / columns)]);
  const off = places.map(([column, row]) => Math.max(outside(now, kept, column, row), outside(kept, now, column, row)));
  const others = places.filter((_, at) => off[at] > ANOTHER);
  const [share, mean] = [others.length / off.length, off.reduce((sum, one) => sum + one, 0) / off.length];
  if (share <= MOST_OTHERS && mean <= MOST_OFF) return '';
  const [x, y] = [0, 1].map((axis) => others.map((place) => place[axis] * CELL));
  const where = others.length ? ` between ${Math.min(...x)},${Math.min(...y)} and ${Math.max(...x) + CELL},${Math.max(...y) + CELL} px` : '';
  return `${(share * 100).toFixed(1)} % of the cells are others, ${mean.toFixed(2)} levels off on the whole${where}`;
}

/** How far a cell's colour is from all that the other grid has there and one cell around: lines may break elsewhere. */
function outside(one, other, column, row) {
  let most = 0;
  for (const channel of [0, 1, 2]) {
    let [low, high] = [255, 0];
    for (let y = Math.max(0, row - 1); y <= Math.min(other.rows - 1, row + 1); y++) {
      for (let x = Math.max(0, column - 1); x <= Math.min(other.columns - 1, column + 1); x++) {
        const level = other.cells[(y * other.columns + x) * 3 + channel];
        [low, high] = [Math.min(low, level), Math.max(high, level)];
      }
    }
    const level = one.cells[(row * one.columns + column) * 3 + channel];
    most = Math.max(most, low - level, level - high);
  }
  return most;
}

/** In the bench: the average colours of a PNG's cells, from the left to the right and from the top down. */
async function averages({ picture, cell }) {
  const bytes = Uint8Array.from(atob(picture), (letter) => letter.charCodeAt(0));
  const bitmap = await createImageBitmap(new Blob([bytes], { type: 'image/png' }), { colorSpaceConversion: 'none' });
  const { width, height } = bitmap;
  if (width % cell || height % cell) throw new Error(`${width} × ${height} is no whole number of cells`);
  const pen = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
  pen.drawImage(bitmap, 0, 0);
  const { data } = pen.getImageData(0, 0, width, height);
  const [columns, rows] = [width / cell, height / cell];
  const sums = new Float64Array(columns * rows * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const from = (y * width + x) * 4;
      const to = (Math.floor(y / cell) * columns + Math.floor(x / cell)) * 3;
      for (let channel = 0; channel < 3; channel++) sums[to + channel] += data[from + channel];
    }
  }
  return { columns, rows, cells: Array.from(sums, (sum) => Math.round(sum / (cell * cell))) };
}

/** In the bench: the cells as a PNG. */
async function drawing({ columns, rows, cells, cell }) {
  const canvas = new OffscreenCanvas(columns * cell, rows * cell);
  const pen = canvas.getContext('2d');
  for (let at = 0; at < columns * rows; at++) {
    pen.fillStyle = `rgb(${cells.slice(at * 3, at * 3 + 3).join(', ')})`;
    pen.fillRect((at % columns) * cell, Math.floor(at / columns) * cell, cell, cell);
  }
  const bytes = new Uint8Array(await (await canvas.convertToBlob({ type: 'image/png' })).arrayBuffer());
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
}
