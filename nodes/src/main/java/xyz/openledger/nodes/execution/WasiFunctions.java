package xyz.openledger.nodes.execution;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import run.endive.runtime.HostFunction;
import run.endive.wasm.types.FunctionType;
import run.endive.wasm.types.ValType;

/**
 * The functions of WASI preview 1 that a program may link against, by name: those that the gate
 * lets it import, with what they do here.
 */
final class WasiFunctions {
  static final String MODULE = "wasi_snapshot_preview1";

  /**
   * One function on one world; arguments come as the engine passes them, an i32 in the low half.
   */
  @FunctionalInterface
  interface Body {
    void call(WasiWorld world, long[] arguments);
  }

  private record Function(FunctionType type, Body body) {}

  private static final Map<String, Function> FUNCTIONS = new HashMap<>();

  static {
    add("args_get", "ii", (w, a) -> w.arguments((int) a[0], (int) a[1]));
    add("args_sizes_get", "ii", (w, a) -> w.argumentSizes((int) a[0], (int) a[1]));
    add("environ_get", "ii", (_, _) -> {});
    add("environ_sizes_get", "ii", (w, a) -> w.environmentSizes((int) a[0], (int) a[1]));
    add("clock_res_get", "ii", (w, a) -> w.clockResolution((int) a[0], (int) a[1]));
    add("clock_time_get", "iIi", (w, a) -> w.clockTime((int) a[0], (int) a[2]));
    add("random_get", "ii", (w, a) -> w.random((int) a[0], (int) a[1]));
    add("sched_yield", "", (_, _) -> {});

    add("fd_close", "i", (w, a) -> w.close((int) a[0]));
    add("fd_fdstat_get", "ii", (w, a) -> w.descriptorStatus((int) a[0], (int) a[1]));
    add("fd_read", "iiii", (w, a) -> w.read((int) a[0], (int) a[1], (int) a[2], (int) a[3]));
    add("fd_seek", "iIii", (w, a) -> w.seek((int) a[0]));
    add("fd_write", "iiii", (w, a) -> w.write((int) a[0], (int) a[1], (int) a[2], (int) a[3]));

    // A C library asks from descriptor 3 on which directories it was given, until it hears of none.
    add("fd_prestat_get", "ii", (_, _) -> noDirectory());
    add("fd_prestat_dir_name", "iii", (_, _) -> noDirectory());

    FUNCTIONS.put(
        "proc_exit",
        new Function(
            FunctionType.of(List.of(ValType.I32), List.of()),
            (_, a) -> {
              throw new Stop.Exit((int) a[0]);
            }));
  }

  private WasiFunctions() {}

  /** All names. */
  static Set<String> names() {
    return FUNCTIONS.keySet();
  }

  /** Whether there is a function of that name. */
  static boolean has(String name) {
    return FUNCTIONS.containsKey(name);
  }

  /** The function of that name, which exists, bound to {@code world}; each call is noted first. */
  static HostFunction bind(String name, WasiWorld world, @Nullable StateTrace trace) {
    Function function = Objects.requireNonNull(FUNCTIONS.get(name), name);
    boolean answers = !function.type().returns().isEmpty();
    return new HostFunction(
        MODULE,
        name,
        function.type(),
        (instance, arguments) -> {
          if (trace != null) {
            trace.calledBy(instance);
          }
          int errno = call(function.body(), world, arguments);
          return answers ? new long[] {errno} : new long[0];
        });
  }

  private static int call(Body body, WasiWorld world, long[] arguments) {
    try {
      body.call(world, arguments);
      return Errno.SUCCESS;
    } catch (Errno.Refusal refusal) {
      return refusal.errno.number;
    }
  }

  private static void noDirectory() {
    throw Errno.BADF.refusal();
  }

  private static void add(String name, String parameters, Body body) {
    var types = parameters.chars().mapToObj(c -> c == 'I' ? ValType.I64 : ValType.I32).toList();
    FUNCTIONS.put(name, new Function(FunctionType.of(types, List.of(ValType.I32)), body));
  }
}
