package xyz.openledger.verification.gate;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import xyz.openledger.verification.gate.GateRefusal.Reason;
import xyz.openledger.verification.gate.WasmModule.Data;
import xyz.openledger.verification.gate.WasmModule.Elements;
import xyz.openledger.verification.gate.WasmModule.Export;
import xyz.openledger.verification.gate.WasmModule.Global;
import xyz.openledger.verification.gate.WasmModule.Import;
import xyz.openledger.verification.gate.WasmModule.Limits;
import xyz.openledger.verification.gate.WasmModule.Span;

/** Reads the sections of a module in the order of the binary format, within the limits. */
final class ModuleDecoder {

  /** Magic number and version 1. */
  private static final long HEADER = 0x00000001_6D736100L;

  /** Section numbers in the order in which they must stand; 12 is the data count. */
  private static final List<Integer> ORDER = List.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 10, 11);

  private final byte[] source;
  private final GateLimits limits;

  private List<Signature> types = List.of();
  private List<Import> imports = List.of();
  private int[] functionTypes = {};
  private @Nullable Limits table;
  private @Nullable Limits memory;
  private List<Global> globals = List.of();
  private List<Export> exports = List.of();
  private int start = -1;
  private List<Elements> elements = List.of();
  private int dataCount = -1;
  private List<Span> bodies = List.of();
  private List<Data> data = List.of();

  private ModuleDecoder(byte[] source, GateLimits limits) {
    this.source = source;
    this.limits = limits;
  }

  /**
   * Decodes {@code source}.
   *
   * @throws GateRefusal if it is not a module of the format and features the gate knows
   */
  static WasmModule decode(byte[] source, GateLimits limits) {
    if (source.length > limits.moduleBytesMax()) {
      throw new GateRefusal(
          Reason.LIMIT_EXCEEDED,
          0,
          "the module has " + source.length + " bytes, the limit is " + limits.moduleBytesMax());
    }
    return new ModuleDecoder(source, limits).sections();
  }

  private WasmModule sections() {
    var in = new ByteReader(source, 0, source.length);
    if (in.remaining() < 8 || in.bits(8) != HEADER) {
      throw new GateRefusal(
          Reason.NOT_WEBASSEMBLY,
          0,
          "these bytes are not a WebAssembly module (version 1); submit the .wasm file");
    }
    int reached = -1;
    while (!in.atEnd()) {
      int offset = in.position();
      int id = in.u8();
      var contents = in.window(in.u32());
      if (id == 0) {
        custom(offset, contents);
        continue;
      }
      int rank = ORDER.indexOf(id);
      if (rank < 0) {
        throw new GateRefusal(
            Reason.UNSUPPORTED_FEATURE,
            offset,
            "section " + id + " belongs to a feature that is not offered; build for the MVP");
      }
      if (rank <= reached) {
        throw new GateRefusal(
            Reason.MALFORMED, offset, "section " + id + " is out of order; rebuild the module");
      }
      reached = rank;
      section(id, contents);
      contents.requireEnd("section " + id);
    }
    if (memory == null) {
      throw new GateRefusal(
          Reason.EXPORT_MISSING, 0, "the module has no memory; give it one, exported as 'memory'");
    }
    return new WasmModule(
        source,
        types,
        imports,
        functionTypes,
        table,
        memory,
        globals,
        exports,
        start,
        elements,
        dataCount,
        bodies,
        data);
  }

  private static void custom(int offset, ByteReader contents) {
    if (contents.name().equals(ModuleEncoder.SECTION)) {
      throw new GateRefusal(
          Reason.ALREADY_GATED,
          offset,
          "the module has been through the gate; submit the module it was made from");
    }
  }

  private void section(int id, ByteReader in) {
    switch (id) {
      case 1 -> types = vector(in, "types", this::type);
      case 2 -> imports = vector(in, "imports", ModuleDecoder::imported);
      case 3 -> functionTypes = indices(in, "functions", limits.functionsMax());
      case 4 -> table = only(vector(in, "tables", this::table));
      case 5 -> memory = only(vector(in, "memories", ModuleDecoder::memory));
      case 6 -> globals = vector(in, "globals", ModuleDecoder::global);
      case 7 -> exports = vector(in, "exports", ModuleDecoder::export);
      case 8 -> start = index(in);
      case 9 -> elements = vector(in, "element segments", this::elements);
      case 10 -> bodies = bodies(in);
      case 11 -> data = vector(in, "data segments", ModuleDecoder::data);
      default -> dataCount = index(in);
    }
  }

  private interface ItemReader<T> {
    T read(ByteReader in);
  }

  private <T> List<T> vector(ByteReader in, String things, ItemReader<T> reader) {
    int count = in.count(things, limits.declarationsMax());
    var items = new ArrayList<T>(count);
    for (int i = 0; i < count; i++) {
      items.add(reader.read(in));
    }
    return items;
  }

  private static <T> @Nullable T only(List<T> items) {
    if (items.size() > 1) {
      throw new GateRefusal(
          Reason.UNSUPPORTED_FEATURE,
          0,
          "the module has " + items.size() + " tables or memories; build it with one of each");
    }
    return items.isEmpty() ? null : items.getFirst();
  }

  /** An index or count; those beyond the range of an int name nothing in any module. */
  static int index(ByteReader in) {
    return (int) Math.min(in.u32(), Integer.MAX_VALUE);
  }

  private static int[] indices(ByteReader in, String things, int max) {
    int[] indices = new int[in.count(things, max)];
    for (int i = 0; i < indices.length; i++) {
      indices[i] = index(in);
    }
    return indices;
  }

  private Signature type(ByteReader in) {
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

  private static Import imported(ByteReader in) {
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

  private Limits table(ByteReader in) {
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

  private static Limits memory(ByteReader in) {
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

  private static Global global(ByteReader in) {
    int type = valueType(in);
    int offset = in.position();
    int mutable = in.u8();
    if (mutable > 1) {
      throw new GateRefusal(
          Reason.MALFORMED, offset, "a global is neither constant nor mutable; rebuild the module");
    }
    return new Global(type, mutable == 1, ConstantExpression.read(in, type));
  }

  private static Export export(ByteReader in) {
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

  private Elements elements(ByteReader in) {
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

  private List<Span> bodies(ByteReader in) {
    int count = in.count("function bodies", limits.functionsMax());
    var list = new ArrayList<Span>(count);
    for (int i = 0; i < count; i++) {
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
      list.add(new Span(body.position(), in.position()));
    }
    return list;
  }

  private static Data data(ByteReader in) {
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
