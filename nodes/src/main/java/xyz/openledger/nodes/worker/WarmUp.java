package xyz.openledger.nodes.worker;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HexFormat;
import java.util.List;
import xyz.openledger.nodes.execution.ExecutionFault;
import xyz.openledger.nodes.execution.ExecutionLimits;
import xyz.openledger.nodes.execution.ExecutionRequest;
import xyz.openledger.nodes.execution.WasmEngine;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.Outcome;

/**
 * Takes a small program through gate, engine and host on a thread beside the worker's own. The
 * first task would otherwise pay for loading their classes, which takes longer than most tasks.
 */
final class WarmUp {
  /**
   *
   *
   * <pre>
   * (module
   *   (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
   *   (memory (export "memory") 1)
   *   (func (export "_start") (local i32)
   *     (loop $again
   *       (i32.store (i32.shl (local.get 0) (i32.const 2)) (local.get 0))
   *       (local.set 0 (i32.add (local.get 0) (i32.const 1)))
   *       (br_if $again (i32.lt_u (local.get 0) (i32.const 256))))
   *     (drop (call $write (i32.const 1) (i32.const 0) (i32.const 0) (i32.const 8)))))
   * </pre>
   */
  private static final byte[] PROGRAM =
      HexFormat.of()
          .parseHex(
              "0061736d01000000010c0260047f7f7f7f017f60000002230116776173695f736e617073"
                  + "686f745f70726576696577310866645f7772697465000003020101050301000107130206"
                  + "6d656d6f72790200065f737461727400010a2d012b01017f034020004102742000360200"
                  + "200041016a21002000418002490d000b410141004100410810001a0b");

  private static final int RUNS = 20;
  private static final int TRAINING_BUDGET_MILLIS = 10_000;

  private WarmUp() {}

  /**
   * Runs the program a few times.
   *
   * @throws ExecutionFault if this machine cannot even do that, and the worker had better not start
   */
  static void run(ProgramLoader.Gate gate, WasmEngine engine) throws ExecutionFault {
    var module = engine.load(gate.admit(PROGRAM).bytes());
    var request = request();
    for (int i = 0; i < RUNS; i++) {
      var execution = module.run(request);
      if (execution.status() != Outcome.Status.FINISHED) {
        throw new IllegalStateException("the warm-up ended as " + execution);
      }
    }
  }

  /** The program as orders to a worker: what Java is shown of a worker's life. */
  static byte[] orders() {
    Digest program = Digest.of(PROGRAM);
    var bytes = new ByteArrayOutputStream();
    var writer = new FrameWriter(bytes);
    writer.add(new Frame.Load(1, program, PROGRAM));
    for (int i = 0; i < RUNS; i++) {
      writer.add(new Frame.Run(2 + i, program, TRAINING_BUDGET_MILLIS, 0, request()));
    }
    try {
      writer.flush();
    } catch (IOException inMemory) {
      throw new UncheckedIOException(inMemory);
    }
    return bytes.toByteArray();
  }

  private static ExecutionRequest request() {
    var limits = new ExecutionLimits(100_000, 1 << 16, 0);
    return new ExecutionRequest(Digest.of(PROGRAM), List.of(), new byte[0], limits);
  }
}
