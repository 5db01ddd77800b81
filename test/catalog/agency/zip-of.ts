export interface OneFile {
  readonly name: string;
  readonly packed: Uint8Array;
  readonly method: number;
  readonly crc: number;
  /** What the zip says of it, true or not. */
  readonly size: number;
}

/** A zip of one file whose heads say what they are told to. */
export function zipOf({ name, packed, method, crc, size }: OneFile): Uint8Array {
  const nameBytes = Buffer.from(name);
  const facts = Buffer.alloc(26);
  facts.writeUInt16LE(20, 0);
  facts.writeUInt16LE(method, 4);
  facts.writeUInt32LE(crc, 10);
  facts.writeUInt32LE(packed.length, 14);
  facts.writeUInt32LE(size, 18);
  facts.writeUInt16LE(nameBytes.length, 22);
  const local = Buffer.concat([Buffer.from([0x50, 0x4b, 3, 4]), facts, nameBytes, packed]);
  const directory = Buffer.concat([
    Buffer.from([0x50, 0x4b, 1, 2, 20, 0]),
    facts,
    Buffer.alloc(14),
    nameBytes,
  ]);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(local.length, 16);
  return Buffer.concat([local, directory, end]);
}
