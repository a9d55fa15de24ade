package xyz.openledger.verification.gate;

import static xyz.openledger.verification.gate.Opcodes.*;

import java.nio.file.Path;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import xyz.openledger.protocol.Digest;

/**
 * Tests whose programs run on every engine: on Endive, compiled and interpreted, at once; on V8,
 * all of a class together, at its end.
 */
@TestInstance(Lifecycle.PER_CLASS)
abstract class EngineAgreement {

  static final long FUEL = 1_000_000;

  /** The fuel of one page of memory. */
  static final long PAGE = 8_192;

  private final Engines engines = new Engines();

  @AfterAll
  void v8Agrees(@TempDir Path folder) {
    engines.thenOnV8(folder);
  }

  Run run(byte[] module) {
    return run(module, FUEL);
  }

  Run run(byte[] module, long fuel) {
    return runGated(WasmGate.admit(module, GateLimits.DEFAULT).bytes(), fuel);
  }

  Run runGated(byte[] gated) {
    return runGated(gated, FUEL);
  }

  private Run runGated(byte[] gated, long fuel) {
    return engines.onEndive("program", gated, fuel);
  }

  static byte[] program(String locals, Consumer<ByteWriter> code) {
    return ModuleBuilder.program(locals, code);
  }

  /** The digest of a memory of {@code pages} pages that is zero but for {@code bytes} at 0. */
  static String memoryOf(int pages, int... bytes) {
    byte[] memory = new byte[pages * ModuleChecker.PAGE_BYTES];
    for (int i = 0; i < bytes.length; i++) {
      memory[i] = (byte) bytes[i];
    }
    return Digest.of(memory).hex();
  }

  /** A loop that counts local 0 from 0 to {@code times}. */
  static void countTo(ByteWriter c, int times, Runnable body) {
    c.ops(LOOP, EMPTY_BLOCK);
    body.run();
    c.op(LOCAL_GET, 0).constant(I32_CONST, 1).u8(I32_ADD).op(LOCAL_TEE, 0);
    c.constant(I32_CONST, times).u8(I32_LT_S).op(BR_IF, 0).u8(END);
  }
}
