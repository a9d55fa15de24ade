package xyz.openledger.verification.gate;

import xyz.openledger.verification.gate.GateRefusal.Reason;
import xyz.openledger.verification.gate.WasmModule.Data;
import xyz.openledger.verification.gate.WasmModule.Elements;
import xyz.openledger.verification.gate.WasmModule.Export;
import xyz.openledger.verification.gate.WasmModule.Global;
import xyz.openledger.verification.gate.WasmModule.Import;
import xyz.openledger.verification.gate.WasmModule.Limits;
import xyz.openledger.verification.gate.WasmModule.Span;

/** Reads what the sections of a module are made of, one thing at a time, within the limits. */
final class SectionItems {

  private final GateLimits limits;

  SectionItems(GateLimits limits) {
    this.limits = limits;
  }

  /** An index or count; those beyond the range of an int name nothing in any module. */
  static int index(ByteReader in) {
    return (int) Math.min(in.u32(), Integer.MAX_VALUE);
  }

  static int[] indices(ByteReader in, String things, int max) {
    int[] indices = new int[in.count(things, max)];
    for (int i = 0; i < indices.length; i++) {
      indices[i] = index(in);
    }
    return indices;
  }

  Signature type(ByteReader in) {
    int offset = in.position();
    if (in.u8() != 0x60) {
      throw new GateRefusal(
          Reason.UNSUPPORTED_FEATURE,
          offset,
          "a type is not a function type; build without garbage-collected types");
    }
    return new Signature(valueTypes(in, "parameters"), valueTypes(in, "results"));
  }

  private byte[] valueTypes(ByteReader in, String things) {
    byte[] list = new byte[in.count(things, limits.parametersMax())];
    for (int i = 0; i < list.length; i++) {
      list[i] = (byte) valueType(in);
    }
    return list;
  }

  /** Reads one of the four value types. */
  static int valueType(ByteReader in) {
    int offset = in.position();
    int code = in.u8();
    if (ValueTypes.isValueType(code)) {
      return code;
    }
    if (code == 0x7B) {
      throw new GateRefusal(
          Reason.UNSUPPORTED_FEATURE, offset, "uses SIMD; build without -msimd128");
    }
    throw new GateRefusal(
        Reason.UNSUPPORTED_FEATURE,
        offset,
        "0x" + Integer.toHexString(code) + " is not a number type; build without reference types");
  }

  static Import imported(ByteReader in) {
    int offset = in.position();
    String module = in.name();
    String name = in.name();
    if (in.u8() != 0) {
      throw new GateRefusal(
          Reason.IMPORT_REFUSED,
          offset,
          "imports "
              + GateRefusal.quote(module + "." + name)
              + ", not a function; define it inside the module");
    }
    return new Import(offset, module, name, index(in));
  }

  Limits table(ByteReader in) {
    int offset = in.position();
    if (in.u8() != 0x70) {
      throw new GateRefusal(
          Reason.UNSUPPORTED_FEATURE,
          offset,
          "a table holds something other than functions; build without -mreference-types");
    }
    var size = limits(in, "a table");
    if (size.min() > limits.tableEntriesMax()) {
      throw new GateRefusal(
          Reason.LIMIT_EXCEEDED,
          offset,
          "the table has " + size.min() + " entries, the limit is " + limits.tableEntriesMax());
    }
    return size;
  }

  static Limits memory(ByteReader in) {
    return limits(in, "a memory");
  }

  private static Limits limits(ByteReader in, String what) {
    int offset = in.position();
    int flags = in.u8();
    if (flags > 1) {
      throw new GateRefusal(
          Reason.UNSUPPORTED_FEATURE,
          offset,
          what + " is shared or has 64-bit addresses; build without threads and for wasm32");
    }
    long min = in.u32();
    return new Limits(offset, min, flags == 1 ? in.u32() : -1);
  }

  static Global global(ByteReader in) {
    int type = valueType(in);
    int offset = in.position();
    int mutable = in.u8();
    if (mutable > 1) {
      throw new GateRefusal(
          Reason.MALFORMED, offset, "a global is neither constant nor mutable; rebuild the module");
    }
    return new Global(type, mutable == 1, ConstantExpression.read(in, type));
  }

  static Export export(ByteReader in) {
    int offset = in.position();
    String name = in.name();
    int kind = in.u8();
    if (kind > 3) {
      throw new GateRefusal(
          Reason.UNSUPPORTED_FEATURE,
          offset,
          "exports " + GateRefusal.quote(name) + " of kind " + kind + "; build without exceptions");
    }
    return new Export(offset, name, kind, index(in));
  }

  Elements elements(ByteReader in) {
    int offset = in.position();
    long flags = in.u32();
    if ((flags != 0 && flags != 2) || (flags == 2 && in.u32() != 0)) {
      throw new GateRefusal(
          Reason.UNSUPPORTED_FEATURE,
          offset,
          "an element segment is not simply written into the table; build without"
              + " -mreference-types");
    }
    long at = ConstantExpression.offset(in);
    if (flags == 2 && in.u8() != 0) {
      throw new GateRefusal(
          Reason.UNSUPPORTED_FEATURE, offset, "an element segment does not hold functions");
    }
    return new Elements(offset, at, indices(in, "function references", limits.tableEntriesMax()));
  }

  Span body(ByteReader in) {
    int offset = in.position();
    long size = in.u32();
    if (size > limits.bodyBytesMax()) {
      throw new GateRefusal(
          Reason.LIMIT_EXCEEDED,
          offset,
          "a function body has "
              + size
              + " bytes, the limit is "
              + limits.bodyBytesMax()
              + "; split the function");
    }
    var body = in.window(size);
    return new Span(body.position(), in.position());
  }

  static Data data(ByteReader in) {
    int offset = in.position();
    long flags = in.u32();
    if (flags > 2 || (flags == 2 && in.u32() != 0)) {
      throw new GateRefusal(
          Reason.UNSUPPORTED_FEATURE,
          offset,
          "a data segment is for a second memory; build with one");
    }
    long at = flags == 1 ? -1 : ConstantExpression.offset(in);
    var bytes = in.window(in.u32());
    return new Data(offset, at, new Span(bytes.position(), in.position()));
  }
}
