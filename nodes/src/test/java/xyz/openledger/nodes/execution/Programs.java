package xyz.openledger.nodes.execution;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import xyz.openledger.protocol.Digest;
import xyz.openledger.verification.gate.GateLimits;
import xyz.openledger.verification.gate.WasmGate;

/** The programs under {@code src/test/programs}, and the way the tests run them. */
public final class Programs {
  public static final Digest TASK = Digest.of("a task".getBytes(StandardCharsets.UTF_8));
  public static final ExecutionLimits LIMITS = new ExecutionLimits(50_000_000, 1 << 22, 1 << 20);

  private Programs() {}

  /** A module as a requester would submit it. */
  public static byte[] submitted(String name) {
    try (var in = Programs.class.getResourceAsStream("/programs/" + name + ".wasm")) {
      if (in == null) {
        throw new IllegalArgumentException("no program " + name);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static LoadedModule load(WasmEngine engine, String name) {
    try {
      return engine.load(WasmGate.admit(submitted(name), GateLimits.DEFAULT).bytes());
    } catch (ExecutionFault e) {
      throw new AssertionError(e);
    }
  }

  public static ExecutionRequest request(byte[] input, String... arguments) {
    return new ExecutionRequest(TASK, List.of(arguments), input, LIMITS);
  }

  /** Runs on a thread with the stack that the gate asks for. */
  static Execution run(WasmEngine engine, String name, ExecutionRequest request) {
    return onDeepStack(() -> load(engine, name).run(request));
  }

  static <T> T onDeepStack(Callable<T> body) {
    var result = new FutureTask<>(body);
    new Thread(null, result, "deep", 2 * GateLimits.DEFAULT.threadStackBytes()).start();
    try {
      return result.get();
    } catch (InterruptedException | ExecutionException e) {
      throw new AssertionError(e);
    }
  }
}
