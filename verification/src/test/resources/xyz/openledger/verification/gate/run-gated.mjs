// Runs gated modules on V8 for the tests: node run-gated.mjs LIST
// LIST has one run a line: module file, fuel, input file (or -), arguments, separated by tabs.
// With the word "validate" for the fuel it only asks whether V8 finds the module valid.
// Prints one line a run: "valid" or "invalid"; or how it ended, fuel used, state, SHA-256 of memory, SHA-256 of output.
// The host here answers exactly as TestHost.java does.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { isMainThread, Worker, workerData } from 'node:worker_threads';

class Exit {
  constructor(code) {
    this.code = code;
  }
}

const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');

function host(input, programArguments) {
  const output = [];
  let position = 0;
  let clock = 0n;
  let random = 0;
  let memory;
  const view = () => new DataView(memory.buffer);
  const bytes = () => new Uint8Array(memory.buffer);
  const buffers = function* (list, count) {
    for (let i = 0; i < count; i++) {
      const at = (list + 8 * i) >>> 0;
      yield [view().getUint32(at, true), view().getUint32(at + 4, true)];
    }
  };
  const zeros = (first, second) => {
    view().setInt32(first >>> 0, 0, true);
    view().setInt32(second >>> 0, 0, true);
    return 0;
  };
  const functions = {
    args_get: (pointers, at) => {
      for (const argument of programArguments) {
        const text = Buffer.from(`${argument}\0`);
        view().setUint32(pointers, at, true);
        bytes().set(text, at);
        pointers += 4;
        at += text.length;
      }
      return 0;
    },
    args_sizes_get: (count, size) => {
      view().setUint32(count, programArguments.length, true);
      view().setUint32(size, Buffer.byteLength(programArguments.map((a) => `${a}\0`).join('')), true);
      return 0;
    },
    environ_get: () => 0,
    environ_sizes_get: zeros,
    clock_res_get: (_id, at) => (view().setBigUint64(at >>> 0, 1n, true), 0),
    clock_time_get: (_id, _precision, at) => (view().setBigUint64(at >>> 0, ++clock, true), 0),
    fd_close: () => 0,
    fd_fdstat_get: (_fd, at) => {
      bytes().fill(0, at >>> 0, (at >>> 0) + 24);
      view().setUint8(at >>> 0, 2);
      return 0;
    },
    fd_prestat_get: () => 8,
    fd_prestat_dir_name: () => 8,
    fd_read: (_fd, list, count, at) => {
      let total = 0;
      for (const [start, length] of buffers(list, count)) {
        const part = input.subarray(position, position + length);
        bytes().set(part, start);
        position += part.length;
        total += part.length;
      }
      view().setUint32(at >>> 0, total, true);
      return 0;
    },
    fd_seek: () => 70,
    fd_write: (_fd, list, count, at) => {
      let total = 0;
      for (const [start, length] of buffers(list, count)) {
        output.push(bytes().slice(start, start + length));
        total += length;
      }
      view().setUint32(at >>> 0, total, true);
      return 0;
    },
    proc_exit: (code) => {
      throw new Exit(code);
    },
    random_get: (at, length) => {
      for (let i = 0; i < length >>> 0; i++) {
        view().setUint8((at >>> 0) + i, (random++ * 167 + 13) & 0xff);
      }
      return 0;
    },
    sched_yield: () => 0,
  };
  return { functions, output, attach: (own) => (memory = own) };
}

function run(file, fuel, inputFile, programArguments) {
  const input = inputFile === '-' ? new Uint8Array() : readFileSync(inputFile);
  const { functions, output, attach } = host(input, programArguments);
  const module = new WebAssembly.Module(readFileSync(file));
  const { exports } = new WebAssembly.Instance(module, { wasi_snapshot_preview1: functions });
  attach(exports.memory);
  const gated = exports.openledger_fuel !== undefined;
  if (gated) {
    exports.openledger_fuel.value = BigInt(fuel);
  }
  let end = 'returned';
  try {
    exports._start();
  } catch (error) {
    if (error instanceof Exit) {
      end = `exit ${error.code}`;
    } else if (error instanceof WebAssembly.RuntimeError) {
      end = 'trapped';
    } else {
      end = `failed: ${error}`;
    }
  }
  let left = gated ? exports.openledger_fuel.value : 0n;
  left = left < 0n ? 0n : left;
  const used = gated ? BigInt(fuel) - left : 0n;
  const state = gated ? exports.openledger_state.value : 0;
  return [end, used, state, sha256(new Uint8Array(exports.memory.buffer)), sha256(Buffer.concat(output))].join('\t');
}

if (isMainThread) {
  new Worker(new URL(import.meta.url), { workerData: process.argv[2], resourceLimits: { stackSizeMb: 64 } });
} else {
  for (const line of readFileSync(workerData, 'utf8').split('\n').filter(Boolean)) {
    const [file, fuel, input, ...programArguments] = line.split('\t');
    if (fuel === 'validate') {
      console.log(WebAssembly.validate(readFileSync(file)) ? 'valid' : 'invalid');
    } else {
      console.log(run(file, fuel, input, programArguments));
    }
  }
}
