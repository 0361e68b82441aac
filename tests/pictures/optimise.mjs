// Writes PNG files anew in fewer bytes. At most 256 colours are kept: a page has a few and the steps between them, so
// that the rare ones go to their nearest neighbour unseen. Fails when a file stays larger than the README should carry.
import { readFileSync, writeFileSync } from "node:fs";
import { crc32, deflateSync, inflateSync } from "node:zlib";

const BYTES_MAX = 150_000;
const COLOURS_MAX = 256;
const FREQUENT = 160;

function decode(file) {
  const [width, height, depth, type, , , interlace] = [
    file.readUInt32BE(16), file.readUInt32BE(20), file[24], file[25], file[26], file[27], file[28],
  ];
  if (depth !== 8 || ![2, 6].includes(type) || interlace) throw new Error("a kind of PNG that the browser does not write");
  const data = [];
  for (let at = 8; at < file.length; ) {
    const length = file.readUInt32BE(at);
    if (file.toString("latin1", at + 4, at + 8) === "IDAT") data.push(file.subarray(at + 8, at + 8 + length));
    at += length + 12;
  }
  const size = type === 2 ? 3 : 4;
  const raw = inflateSync(Buffer.concat(data));
  const stride = width * size;
  const pixels = new Uint32Array(width * height);
  let above = new Uint8Array(stride);
  for (let y = 0; y < height; y++) {
    const filter = raw[y * (stride + 1)];
    const row = Uint8Array.from(raw.subarray(y * (stride + 1) + 1, (y + 1) * (stride + 1)));
    for (let x = 0; x < stride; x++) {
      const [left, up, corner] = [x >= size ? row[x - size] : 0, above[x], x >= size ? above[x - size] : 0];
      row[x] += [0, left, up, (left + up) >> 1, paeth(left, up, corner)][filter];
    }
    for (let x = 0; x < width; x++) {
      pixels[y * width + x] = (row[x * size] << 16) | (row[x * size + 1] << 8) | row[x * size + 2];
    }
    above = row;
  }
  return { width, height, pixels };
}

function paeth(left, up, corner) {
  const guess = left + up - corner;
  const [a, b, c] = [Math.abs(guess - left), Math.abs(guess - up), Math.abs(guess - corner)];
  return a <= b && a <= c ? left : b <= c ? up : corner;
}

// The colours to keep, and for every colour the place of the nearest among them.
function palette(pixels) {
  const counts = new Map();
  for (const pixel of pixels) counts.set(pixel, (counts.get(pixel) ?? 0) + 1);
  const byCount = [...counts.keys()].sort((a, b) => counts.get(b) - counts.get(a));
  const distance = (a, b) =>
    ((a >> 16) - (b >> 16)) ** 2 + (((a >> 8) & 255) - ((b >> 8) & 255)) ** 2 + ((a & 255) - (b & 255)) ** 2;
  // The wide soft shadows need each of their steps; what is rarer has to be far from what is there.
  let kept = byCount;
  for (let apart = 1; kept.length > COLOURS_MAX; apart++) {
    kept = byCount.slice(0, FREQUENT);
    for (const colour of byCount.slice(FREQUENT)) {
      if (kept.every((other) => distance(colour, other) > apart ** 2)) kept.push(colour);
    }
  }
  const nearest = new Map(
    byCount.map((colour) => {
      let best = 0;
      kept.forEach((other, place) => {
        if (distance(colour, other) < distance(colour, kept[best])) best = place;
      });
      return [colour, best];
    }),
  );
  return { kept, nearest };
}

function chunk(name, data) {
  const body = Buffer.concat([Buffer.from(name, "latin1"), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}

function encode({ width, height, pixels }) {
  const { kept, nearest } = palette(pixels);
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 3, 0, 0, 0], 8);
  const colours = Buffer.from(kept.flatMap((colour) => [colour >> 16, (colour >> 8) & 255, colour & 255]));
  const rows = Buffer.alloc((width + 1) * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) rows[y * (width + 1) + 1 + x] = nearest.get(pixels[y * width + x]);
  }
  return Buffer.concat([
    Buffer.from("\x89PNG\r\n\x1a\n", "latin1"),
    chunk("IHDR", header),
    chunk("PLTE", colours),
    chunk("IDAT", deflateSync(rows, { level: 9, memLevel: 9 })),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

for (const path of process.argv.slice(2)) {
  const before = readFileSync(path);
  const after = before[25] === 3 ? before : encode(decode(before));
  if (after.length > BYTES_MAX) throw new Error(`${path} has ${after.length} bytes, more than ${BYTES_MAX}`);
  writeFileSync(path, after);
  console.log(`${path}: ${before.length} -> ${after.length} bytes`);
}
