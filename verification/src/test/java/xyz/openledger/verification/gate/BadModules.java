package xyz.openledger.verification.gate;

import static java.nio.charset.StandardCharsets.UTF_8;
import static xyz.openledger.verification.gate.Opcodes.*;

import java.util.Arrays;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/** One module for each way in which a module can be bad. */
final class BadModules {

  private static final byte[] GOOD =
      ModuleBuilder.program("il", code -> code.constant(I32_CONST, 300).op(LOCAL_SET, 0));

  private static Arguments bad(String name, String reason, String words, byte[] module) {
    return Arguments.of(name, reason, words, module);
  }

  private static Arguments code(
      String name, String reason, String words, Consumer<ByteWriter> code) {
    return bad(name, reason, words, ModuleBuilder.program("ilfd", code));
  }

  /** A module of the header, one section, and nothing else. */
  private static byte[] section(int id, int... contents) {
    return ModuleBuilder.header().u8(id).sized(new ByteWriter(16).ops(contents)).toBytes();
  }

  /** A good module but for {@code change}. */
  static byte[] with(Consumer<ModuleBuilder> change) {
    var builder = new ModuleBuilder();
    change.accept(builder);
    return builder.start(builder.function(":", "", code -> {})).build();
  }

  /** All of them, as a name, the reason, words of the sentence, and the module. */
  static Stream<Arguments> all() {
    return Stream.of(
            formats(), features(), imports(), exports(), sizes(), segments(), types(), structures())
        .flatMap(modules -> modules);
  }

  private static Stream<Arguments> formats() {
    return Stream.of(
        bad("nothing", "not-webassembly", ".wasm", new byte[0]),
        bad("text", "not-webassembly", ".wasm", "(module)".getBytes(UTF_8)),
        bad("version 2", "not-webassembly", "version 1", new byte[] {0, 97, 115, 109, 2, 0, 0, 0}),
        bad("header only", "export-missing", "memory", Arrays.copyOf(GOOD, 8)),
        bad("cut", "truncated", "whole", Arrays.copyOf(GOOD, GOOD.length - 3)),
        bad("section too long", "malformed", "longer", section(1, 0x00, 0x00)),
        bad("section out of order", "malformed", "order", twoSections(3, 1)),
        bad("section twice", "malformed", "order", twoSections(1, 1)),
        bad("unknown section", "unsupported-feature", "section 77", section(77, 0)),
        bad("tag section", "unsupported-feature", "section 13", section(13, 0)),
        bad("long number", "malformed", "32 bits", section(1, 0x80, 0x80, 0x80, 0x80, 0x80, 0x00)),
        bad("large number", "malformed", "32 bits", section(1, 0xFF, 0xFF, 0xFF, 0xFF, 0x1F)),
        code(
            "wrong sign bits",
            "malformed",
            "32 bits",
            c -> c.ops(I32_CONST, 255, 255, 255, 255, 0x4F)),
        code("long i64", "malformed", "64 bits", c -> c.u8(I64_CONST).bits(-1, 8).bits(-1, 2)),
        bad("many types announced", "truncated", "8000 types", section(1, 0xC0, 0x3E)),
        bad(
            "billions of types",
            "limit-exceeded",
            "types",
            section(1, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F)),
        bad(
            "billions of functions",
            "limit-exceeded",
            "functions",
            section(3, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F)),
        bad("bad name", "malformed", "UTF-8", section(0, 2, 0xC3, 0x28)),
        bad(
            "body too long",
            "malformed",
            "longer",
            ModuleBuilder.program("", c -> c.ops(END, NOP))));
  }

  private static byte[] twoSections(int first, int second) {
    return ModuleBuilder.header()
        .u8(first)
        .sized(new ByteWriter(4).u8(0))
        .u8(second)
        .sized(new ByteWriter(4).u8(0))
        .toBytes();
  }

  private static Stream<Arguments> features() {
    String feature = "unsupported-feature";
    return Stream.of(
        code("simd", feature, "-msimd128", c -> c.ops(0xFD, 12)),
        code("threads", feature, "-matomics", c -> c.ops(0xFE, 0)),
        code("garbage collection", feature, "garbage", c -> c.ops(0xFB, 0)),
        code("tail call", feature, "-mtail-call", c -> c.ops(0x12, 0)),
        code("try", feature, "-fno-exceptions", c -> c.ops(0x06, 0x40)),
        code("ref.null", feature, "-mreference-types", c -> c.ops(0xD0, 0x70)),
        code("typed select", feature, "-mreference-types", c -> c.ops(0x1C, 1, 0x7F)),
        code("table.grow", feature, "table", c -> c.ops(0xFC, 15, 0)),
        code("unknown opcode", feature, "0xff", c -> c.ops(0xFF)),
        code("second memory", feature, "second memory", c -> c.ops(MEMORY_SIZE, 1)),
        bad("shared memory", feature, "threads", with(b -> b.memory(new byte[] {1, 3, 1, 1}))),
        bad("memory64", feature, "wasm32", with(b -> b.memory(new byte[] {1, 4, 1}))),
        bad(
            "two memories",
            feature,
            "one of each",
            with(b -> b.memory(new byte[] {2, 0, 1, 0, 1}))),
        bad(
            "externref table",
            feature,
            "functions",
            with(b -> b.table(new byte[] {1, 0x6F, 0, 1}))),
        bad("v128 type", feature, "SIMD", section(1, 1, 0x60, 1, 0x7B, 0)),
        bad("externref type", feature, "0x6f", section(1, 1, 0x60, 1, 0x6F, 0)),
        bad("struct type", feature, "function type", section(1, 1, 0x5F, 0)),
        bad(
            "extended constant",
            feature,
            "constant",
            section(6, 1, 0x7F, 0, 0x41, 1, 0x41, 1, 0x6A, 0x0B)),
        bad("passive elements", feature, "element", section(9, 1, 1, 0, 0)));
  }

  private static Stream<Arguments> imports() {
    String refused = "import-refused";
    return Stream.of(
        bad(
            "file open",
            refused,
            "no files",
            with(b -> b.imported(HostFunction.MODULE, "path_open", Signature.of("i:i")))),
        bad(
            "unknown module",
            refused,
            "'env.print'",
            with(b -> b.imported("env", "print", Signature.of("i:")))),
        bad(
            "abort",
            refused,
            "--use abort=",
            with(b -> b.imported("env", "abort", Signature.of("iiii:")))),
        bad(
            "wrong type",
            refused,
            "(i32, i32) -> (i32)",
            with(b -> b.imported(HostFunction.MODULE, "fd_write", Signature.of("ii:i")))),
        bad("memory", refused, "not a function", section(2, 1, 1, 'e', 1, 'm', 2, 0, 1)));
  }

  private static Stream<Arguments> exports() {
    String missing = "export-missing";
    return Stream.of(
        bad(
            "no _start",
            missing,
            "--exportStart",
            exporting(b -> b.export("memory", ModuleBuilder.MEMORY, 0))),
        bad(
            "no memory export",
            missing,
            "as 'memory'",
            exporting(b -> b.export("_start", ModuleBuilder.FUNCTION, 0))),
        bad(
            "_start with a result",
            missing,
            "_start",
            exporting(b -> b.export("_start", ModuleBuilder.FUNCTION, 1))),
        bad(
            "twice",
            "malformed",
            "'_start'",
            exporting(b -> b.start(0).export("_start", ModuleBuilder.FUNCTION, 0))),
        bad(
            "no such function",
            "unknown-index",
            "9",
            exporting(b -> b.export("_start", ModuleBuilder.FUNCTION, 9))),
        bad(
            "reserved name",
            "already-gated",
            "gate's own",
            exporting(b -> b.start(0).export("openledger_fuel", ModuleBuilder.FUNCTION, 0))),
        bad(
            "gated before",
            "already-gated",
            "was made from",
            WasmGate.admit(GOOD, GateLimits.DEFAULT).bytes()));
  }

  private static byte[] exporting(Consumer<ModuleBuilder> exports) {
    var builder = new ModuleBuilder();
    builder.function(":", "", code -> {});
    builder.function(":i", "", code -> code.constant(I32_CONST, 0));
    exports.accept(builder);
    return builder.build();
  }

  private static Stream<Arguments> sizes() {
    String limit = "limit-exceeded";
    var limits = GateLimits.DEFAULT;
    return Stream.of(
        bad("module", limit, "16777216", new byte[limits.moduleBytesMax() + 1]),
        bad("memory", limit, "4096", with(b -> b.memory(4_097, 5_000))),
        bad("table", limit, "65536", with(b -> b.table(65_537))),
        bad("functions", limit, "8192", manyFunctions(limits.functionsMax() + 1)),
        bad("locals", limit, "4096", ModuleBuilder.program("i".repeat(4_097), c -> {})),
        bad("local overflow", limit, "4096", hugeLocals()),
        bad("parameters", limit, "100", with(b -> b.type("i".repeat(101) + ":"))),
        code("nesting", limit, "2048", c -> nest(c, 2_049)),
        code("operands", limit, "2048", c -> repeat(2_049, () -> c.constant(I32_CONST, 0))),
        code("body", limit, "524288", c -> repeat(524_288, () -> c.u8(NOP))),
        code("br_table", limit, "8192", c -> c.constant(I32_CONST, 0).op(BR_TABLE, 8_193)));
  }

  private static byte[] manyFunctions(int count) {
    var builder = new ModuleBuilder();
    repeat(count, () -> builder.function(":", "", code -> {}));
    return builder.start(0).build();
  }

  /** Two groups of 2³²−1 locals: their sum wraps a 32-bit number around. */
  private static byte[] hugeLocals() {
    var body = new ByteWriter(32).u8(2);
    repeat(2, () -> body.unsigned(0xFFFF_FFFFL).u8(ValueTypes.I64));
    return ModuleBuilder.header()
        .u8(1)
        .sized(new ByteWriter(8).ops(1, 0x60, 0, 0))
        .u8(3)
        .sized(new ByteWriter(8).ops(1, 0))
        .u8(5)
        .sized(new ByteWriter(8).ops(1, 0, 1))
        .u8(7)
        .sized(new ByteWriter(32).u8(2).name("_start").ops(0, 0).name("memory").ops(2, 0))
        .u8(10)
        .sized(new ByteWriter(32).u8(1).sized(body.u8(END)))
        .toBytes();
  }

  private static void nest(ByteWriter code, int depth) {
    repeat(depth, () -> code.ops(BLOCK, EMPTY_BLOCK));
    repeat(depth, () -> code.u8(END));
  }

  private static void repeat(int times, Runnable work) {
    for (int i = 0; i < times; i++) {
      work.run();
    }
  }

  private static Stream<Arguments> segments() {
    String bounds = "segment-out-of-bounds";
    return Stream.of(
        bad("data beyond memory", bounds, "initial memory", with(b -> b.data(65_535, new byte[2]))),
        bad("data at a negative place", bounds, "data", with(b -> b.data(-1, new byte[1]))),
        bad("elements beyond table", bounds, "table", with(b -> b.table(1).elements(1, 0))),
        bad("elements without table", bounds, "table", with(b -> b.elements(0, 0))),
        bad("unknown element", "unknown-index", "function", with(b -> b.table(1).elements(0, 7))),
        bad("start of a wrong type", "type-mismatch", "start", startSection(1)),
        bad("no such start", "unknown-index", "start", startSection(5)));
  }

  private static byte[] startSection(int function) {
    var builder = new ModuleBuilder();
    builder.function(":", "", code -> {});
    builder.function("i:", "", code -> {});
    return builder.startSection(function).start(0).build();
  }

  private static Stream<Arguments> types() {
    String type = "type-mismatch";
    return Stream.of(
        code("empty stack", type, "empty", c -> c.u8(DROP)),
        code(
            "i64 for i32",
            type,
            "takes i32 and finds i64",
            c -> c.constant(I64_CONST, 0).u8(I32_EQZ)),
        code("left over", type, "too many", c -> c.constant(I32_CONST, 0)),
        code(
            "block takes from outside",
            type,
            "empty",
            c -> c.constant(I32_CONST, 0).ops(BLOCK, EMPTY_BLOCK, DROP, END, DROP)),
        code(
            "if without else",
            type,
            "else",
            c ->
                c.constant(I32_CONST, 0)
                    .ops(IF, ValueTypes.I32)
                    .constant(I32_CONST, 1)
                    .ops(END, DROP)),
        code("wrong local", type, "f32", c -> c.constant(I32_CONST, 0).op(LOCAL_SET, 2)),
        code("float condition", type, "i32", c -> c.op(LOCAL_GET, 2).op(BR_IF, 0)),
        code(
            "select of two types",
            type,
            "finds",
            c -> c.op(LOCAL_GET, 0).op(LOCAL_GET, 1).op(LOCAL_GET, 0).ops(SELECT, DROP)),
        code(
            "dead code of a wrong type",
            type,
            "finds",
            c -> c.u8(UNREACHABLE).constant(I64_CONST, 0).ops(I32_EQZ, DROP)),
        code(
            "targets that differ",
            type,
            "br_table",
            c ->
                c.ops(BLOCK, ValueTypes.I32)
                    .constant(I32_CONST, 0)
                    .constant(I32_CONST, 0)
                    .ops(BR_TABLE, 1, 0, 1, END, DROP)),
        bad("constant global", type, "constant global", constantGlobal()),
        bad("global of a wrong type", type, "i64", section(6, 1, 0x7E, 0, 0x41, 1, 0x0B)));
  }

  private static byte[] constantGlobal() {
    var builder = new ModuleBuilder();
    builder.global(ValueTypes.I32, false, 1);
    return builder
        .start(builder.function(":", "", c -> c.constant(I32_CONST, 0).op(GLOBAL_SET, 0)))
        .build();
  }

  private static Stream<Arguments> structures() {
    String unknown = "unknown-index";
    return Stream.of(
        code("unknown local", unknown, "local 4", c -> c.op(LOCAL_GET, 4)),
        code("unknown global", unknown, "global 0", c -> c.op(GLOBAL_GET, 0)),
        code("unknown function", unknown, "function 1", c -> c.op(CALL, 1)),
        code("unknown label", unknown, "branch", c -> c.op(BR, 1)),
        code(
            "unknown type",
            unknown,
            "type",
            c -> c.constant(I32_CONST, 0).ops(CALL_INDIRECT, 9, 0)),
        code("unknown block type", unknown, "block type", c -> c.ops(BLOCK, 9, END)),
        code("no table", unknown, "table", c -> c.constant(I32_CONST, 0).ops(CALL_INDIRECT, 0, 0)),
        code("no data segment", unknown, "data segment", c -> c.ops(0xFC, 9, 0)),
        code("else without if", "malformed", "else", c -> c.ops(BLOCK, EMPTY_BLOCK, ELSE, END)),
        code(
            "alignment",
            "malformed",
            "aligned",
            c -> c.constant(I32_CONST, 0).ops(I32_LOAD, 3, 0, DROP)),
        code("unclosed block", "truncated", "whole", c -> c.ops(BLOCK, EMPTY_BLOCK)));
  }

  private BadModules() {}
}
