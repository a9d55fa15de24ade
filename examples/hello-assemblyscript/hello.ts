// SPDX-License-Identifier: Apache-2.0
//
// The hello task in AssemblyScript: reads names from standard input, one a line, and greets each of
// them on standard output. It speaks WASI itself, which takes the three functions below and no library.
//
//   input   one name a line, in UTF-8, at most 64 KiB
//   output  one greeting a line, then how many there were
//   exit    0 done, 2 when the input holds no name or is too long

// @ts-ignore: decorator
@external("wasi_snapshot_preview1", "fd_read")
declare function fd_read(descriptor: u32, vectors: usize, count: u32, read: usize): u32;

// @ts-ignore: decorator
@external("wasi_snapshot_preview1", "fd_write")
declare function fd_write(descriptor: u32, vectors: usize, count: u32, written: usize): u32;

// @ts-ignore: decorator
@external("wasi_snapshot_preview1", "proc_exit")
declare function proc_exit(code: u32): void;

const INPUT_BYTES_MAX: u32 = 65536;
const NEW_LINE: u8 = 0x0a;

/** One WASI vector (address, length) and, behind it, where a call says how many bytes it moved. */
const vector = memory.data(12, 4);
const input = memory.data(65537); // one more than the maximum, to tell when there is more

/** A failed assertion, or an index out of range, ends the task with code 3. */
export function abort(_message: usize, _file: usize, _line: u32, _column: u32): void {
  proc_exit(3);
}

function read(to: usize, bytesMax: u32): u32 {
  store<u32>(vector, to as u32);
  store<u32>(vector, bytesMax, 4);
  return fd_read(0, vector, 1, vector + 8) == 0 ? load<u32>(vector, 8) : 0;
}

function write(descriptor: u32, from: usize, bytes: u32): void {
  store<u32>(vector, from as u32);
  store<u32>(vector, bytes, 4);
  fd_write(descriptor, vector, 1, vector + 8);
}

function print(text: string, descriptor: u32 = 1): void {
  const bytes = String.UTF8.encode(text);
  write(descriptor, changetype<usize>(bytes), bytes.byteLength);
}

function refuse(text: string): void {
  print(text, 2);
  proc_exit(2);
}

let length: u32 = 0;
for (let got = read(input, INPUT_BYTES_MAX + 1); got > 0; got = read(input + length, INPUT_BYTES_MAX + 1 - length)) {
  length += got;
}
if (length > INPUT_BYTES_MAX) refuse("the input is longer than 65536 bytes\n");

let greeted = 0;
let start: u32 = 0;
for (let at: u32 = 0; at <= length; at++) {
  if (at < length && load<u8>(input + at) != NEW_LINE) continue;
  if (at > start) {
    print("Hello, ");
    write(1, input + start, at - start);
    print("!\n");
    greeted++;
  }
  start = at + 1;
}

if (greeted == 0) refuse("the input holds no name: send one name a line\n");
print(greeted.toString() + " greeted\n");
