package xyz.openledger.verification.gate;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Builds modules for tests, valid or not: it writes what it is told. */
final class ModuleBuilder {

  static final int FUNCTION = 0;
  static final int TABLE = 1;
  static final int MEMORY = 2;
  static final int GLOBAL = 3;

  private final List<Signature> types = new ArrayList<>();
  private final ByteWriter imports = new ByteWriter(64);
  private final ByteWriter functions = new ByteWriter(64);
  private final ByteWriter globals = new ByteWriter(64);
  private final ByteWriter exports = new ByteWriter(64);
  private final ByteWriter elements = new ByteWriter(64);
  private final ByteWriter bodies = new ByteWriter(256);
  private final ByteWriter data = new ByteWriter(64);
  private final ByteWriter[] vectors = {
    imports, functions, globals, exports, elements, bodies, data
  };
  private final int[] counts = new int[vectors.length];
  private byte[] table = {};
  private byte[] memory = new ByteWriter(8).u8(1).u8(0).unsigned(1).toBytes();
  private int start = -1;
  private boolean dataCount;

  /** A module whose {@code _start} has these locals and instructions; {@code end} is added. */
  static byte[] program(String locals, Consumer<ByteWriter> code) {
    var builder = new ModuleBuilder();
    builder.start(builder.function(":", locals, code));
    return builder.build();
  }

  int type(String signature) {
    var type = Signature.of(signature);
    if (!types.contains(type)) {
      types.add(type);
    }
    return types.indexOf(type);
  }

  /** Adds a type even if there is one like it. */
  int duplicateType(String signature) {
    types.add(Signature.of(signature));
    return types.size() - 1;
  }

  int host(HostFunction function) {
    return imported(HostFunction.MODULE, function.importName(), function.signature());
  }

  int imported(String module, String name, Signature signature) {
    if (!types.contains(signature)) {
      types.add(signature);
    }
    imports.name(module).name(name).u8(0).unsigned(types.indexOf(signature));
    return counts[0]++;
  }

  /** Adds a function; imports must have been added before. Returns its index. */
  int function(String signature, String locals, Consumer<ByteWriter> code) {
    return function(type(signature), locals, code);
  }

  int function(int type, String locals, Consumer<ByteWriter> code) {
    functions.unsigned(type);
    counts[1]++;
    var body = new ByteWriter(64);
    Locals.write(body, ValueTypes.parse(locals), 0);
    code.accept(body);
    bodies.sized(body.u8(Opcodes.END));
    return counts[0] + counts[5]++;
  }

  int global(int type, boolean mutable, long value) {
    globals.u8(type).u8(mutable ? 1 : 0);
    ConstantExpression.write(globals, type, value);
    return counts[2]++;
  }

  ModuleBuilder memory(int min, int max) {
    memory = new ByteWriter(16).u8(1).u8(1).unsigned(min).unsigned(max).toBytes();
    return this;
  }

  ModuleBuilder memory(byte[] section) {
    memory = section.clone();
    return this;
  }

  ModuleBuilder table(int entries) {
    table = new ByteWriter(16).u8(1).u8(0x70).u8(1).unsigned(entries).unsigned(entries).toBytes();
    return this;
  }

  ModuleBuilder table(byte[] section) {
    table = section.clone();
    return this;
  }

  ModuleBuilder elements(int at, int... indices) {
    ConstantExpression.write(elements.u8(0), ValueTypes.I32, at);
    elements.unsigned(indices.length);
    for (int index : indices) {
      elements.unsigned(index);
    }
    counts[4]++;
    return this;
  }

  ModuleBuilder data(int at, byte[] bytes) {
    ConstantExpression.write(data.u8(0), ValueTypes.I32, at);
    data.unsigned(bytes.length).raw(bytes, 0, bytes.length);
    counts[6]++;
    return this;
  }

  ModuleBuilder passiveData(byte[] bytes) {
    data.u8(1).unsigned(bytes.length).raw(bytes, 0, bytes.length);
    counts[6]++;
    dataCount = true;
    return this;
  }

  ModuleBuilder export(String name, int kind, int index) {
    exports.name(name).u8(kind).unsigned(index);
    counts[3]++;
    return this;
  }

  ModuleBuilder startSection(int function) {
    start = function;
    return this;
  }

  /** Exports the memory, and {@code function} as {@code _start}. */
  ModuleBuilder start(int function) {
    return export("memory", MEMORY, 0).export("_start", FUNCTION, function);
  }

  byte[] build() {
    var out = header();
    var typeSection = new ByteWriter(64).unsigned(types.size());
    for (Signature type : types) {
      typeSection.u8(0x60);
      typeSection.unsigned(type.parameters().length);
      typeSection.raw(type.parameters(), 0, type.parameters().length);
      typeSection.unsigned(type.results().length);
      typeSection.raw(type.results(), 0, type.results().length);
    }
    out.u8(1).sized(typeSection);
    vector(out, 2, 0);
    vector(out, 3, 1);
    section(out, 4, table);
    section(out, 5, memory);
    vector(out, 6, 2);
    vector(out, 7, 3);
    if (start != -1) {
      out.u8(8).sized(new ByteWriter(8).unsigned(start));
    }
    vector(out, 9, 4);
    if (dataCount) {
      out.u8(12).sized(new ByteWriter(8).unsigned(counts[6]));
    }
    vector(out, 10, 5);
    vector(out, 11, 6);
    return out.toBytes();
  }

  static ByteWriter header() {
    return new ByteWriter(256).ops(0x00, 0x61, 0x73, 0x6D, 0x01, 0x00, 0x00, 0x00);
  }

  private void vector(ByteWriter out, int id, int which) {
    if (counts[which] > 0) {
      out.u8(id).sized(new ByteWriter(64).unsigned(counts[which]).append(vectors[which]));
    }
  }

  private static void section(ByteWriter out, int id, byte[] contents) {
    if (contents.length > 0) {
      out.u8(id).sized(new ByteWriter(64).raw(contents, 0, contents.length));
    }
  }
}
