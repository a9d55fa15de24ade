package xyz.openledger.verification.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static xyz.openledger.verification.gate.Opcodes.*;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is just within the default limits is admitted, and every engine can run it. */
class LimitsTest {

  private static final GateLimits LIMITS = GateLimits.DEFAULT;

  @Test
  void modulesAtTheLimitsRunOnEveryEngine(@TempDir Path folder) {
    var engines = new Engines();
    modules()
        .forEach(
            (name, module) -> {
              var run = engines.onEndive(name, WasmGate.admit(module, LIMITS).bytes(), 1 << 30);
              assertThat(run.end()).as(name).isEqualTo("returned");
            });
    engines.thenOnV8(folder);
  }

  @Test
  void callsThatNestTooDeepWithoutRecursionAreRefusedBeforeTheyRun() {
    // Each function calls the next and holds 100 locals: 1,500 × 116 slots are more than half.
    var builder = new ModuleBuilder();
    for (int i = 0; i < 1_500; i++) {
      int next = i + 1;
      builder.function(":", "l".repeat(100), code -> code.op(CALL, next));
    }
    builder.function(":", "", code -> {});
    byte[] module = builder.start(0).build();

    assertThat(
            org.assertj.core.api.Assertions.catchThrowableOfType(
                GateRefusal.class, () -> WasmGate.admit(module, LIMITS)))
        .returns("limit-exceeded", GateRefusal::reason)
        .satisfies(refusal -> assertThat(refusal.sentence()).contains("call depth"));
  }

  private static Map<String, byte[]> modules() {
    var modules = new LinkedHashMap<String, byte[]>();
    modules.put("functions", functions());
    modules.put(
        "locals",
        ModuleBuilder.program(
            "l".repeat(LIMITS.localsMax()),
            code -> code.constant(I64_CONST, 1).op(LOCAL_SET, 4_000)));
    modules.put("parameters", parameters());
    int nesting = LIMITS.nestingMax();
    modules.put("blocks", nested(nesting, code -> code.ops(BLOCK, EMPTY_BLOCK), code -> {}));
    modules.put(
        "loops",
        nested(
            nesting,
            code -> code.ops(LOOP, EMPTY_BLOCK),
            code -> code.constant(I32_CONST, 0).op(BR_IF, 0)));
    modules.put(
        "operands",
        nested(LIMITS.operandsMax() - 1, code -> code.constant(I64_CONST, 1), code -> {}, DROP));
    modules.put(
        "body",
        ModuleBuilder.program("", code -> repeat(LIMITS.bodyBytesMax() - 2, () -> code.u8(NOP))));
    modules.put("branch table", branchTable());
    modules.put("globals and segments", declarations());
    return modules;
  }

  private static byte[] functions() {
    var builder = new ModuleBuilder();
    repeat(LIMITS.functionsMax() - 1, () -> builder.function(":", "", code -> code.u8(NOP)));
    return builder.start(builder.function(":", "", code -> code.op(CALL, 8_000))).build();
  }

  private static byte[] parameters() {
    int count = LIMITS.parametersMax();
    var builder = new ModuleBuilder();
    String types = "l".repeat(count);
    int callee =
        builder.function(
            types + ":" + types,
            "",
            code -> {
              for (int i = 0; i < count; i++) {
                code.op(LOCAL_GET, i);
              }
            });
    int start =
        builder.function(
            ":",
            "",
            code -> {
              repeat(count, () -> code.constant(I64_CONST, 3));
              code.op(CALL, callee);
              repeat(count, () -> code.u8(DROP));
            });
    return builder.start(start).build();
  }

  private static byte[] nested(int depth, Consumer<ByteWriter> open, Consumer<ByteWriter> inside) {
    return nested(depth, open, inside, END);
  }

  private static byte[] nested(
      int depth, Consumer<ByteWriter> open, Consumer<ByteWriter> inside, int close) {
    return ModuleBuilder.program(
        "",
        code -> {
          repeat(depth, () -> open.accept(code));
          repeat(
              depth,
              () -> {
                inside.accept(code);
                code.u8(close);
              });
        });
  }

  private static byte[] branchTable() {
    int blocks = 300;
    return ModuleBuilder.program(
        "",
        code -> {
          repeat(blocks, () -> code.ops(BLOCK, EMPTY_BLOCK));
          code.constant(I32_CONST, 8_000).op(BR_TABLE, LIMITS.declarationsMax());
          for (int i = 0; i <= LIMITS.declarationsMax(); i++) {
            code.unsigned(i % blocks);
          }
          repeat(blocks, () -> code.u8(END));
        });
  }

  private static byte[] declarations() {
    var builder = new ModuleBuilder().table(LIMITS.tableEntriesMax());
    for (int i = 0; i < LIMITS.declarationsMax(); i++) {
      builder.global(ValueTypes.I64, true, i);
      builder.data(8 * (i % 8_000), new byte[] {1});
      builder.elements(8 * i, 0, 0, 0, 0, 0, 0, 0, 0);
    }
    return builder
        .start(builder.function(":", "", code -> code.op(GLOBAL_GET, 8_000).op(GLOBAL_SET, 3)))
        .build();
  }

  private static void repeat(int times, Runnable work) {
    for (int i = 0; i < times; i++) {
      work.run();
    }
  }
}
