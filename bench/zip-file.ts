import {
  appendFileSync,
  closeSync,
  createReadStream,
  createWriteStream,
  openSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { crc32, createDeflateRaw } from 'node:zlib';

/** Writes a zip with one deflated file in it, whatever the size, without holding it in memory. */
export async function zipFile(path: string, entryName: string, source: string): Promise<void> {
  const name = Buffer.from(entryName, 'utf8');
  const reading = createReadStream(source, { highWaterMark: 1 << 20 });
  let crc = 0;
  reading.on('data', (piece) => {
    crc = crc32(piece, crc);
  });
  const head = Buffer.concat([Buffer.alloc(30), name]);
  writeFileSync(path, head);
  await pipeline(reading, createDeflateRaw({ level: 3 }), createWriteStream(path, { flags: 'a' }));
  const packedEnd = statSync(path).size;
  const packedSize = packedEnd - head.length;
  const facts = Buffer.alloc(26);
  facts.writeUInt16LE(20, 0);
  facts.writeUInt16LE(0x0800, 2);
  facts.writeUInt16LE(8, 4);
  facts.writeUInt32LE(crc, 10);
  facts.writeUInt32LE(packedSize, 14);
  facts.writeUInt32LE(statSync(source).size, 18);
  facts.writeUInt16LE(name.length, 22);
  const directory = Buffer.concat([Buffer.from([0x50, 0x4b, 1, 2, 20, 0]), facts, Buffer.alloc(14), name]);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(packedEnd, 16);
  appendFileSync(path, Buffer.concat([directory, end]));
  const handle = openSync(path, 'r+');
  writeSync(handle, Buffer.concat([Buffer.from([0x50, 0x4b, 3, 4]), facts]), 0, 30, 0);
  closeSync(handle);
}
