package xyz.openledger.verification.gate;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A decoded module: indices are in range of what they are counted against only after {@link
 * ModuleChecker} has seen it. Bodies and data stay in the submitted bytes and are named by place.
 *
 * @param source the submitted bytes
 * @param imports imported functions; nothing else can be imported
 * @param functionTypes type index of each defined (not imported) function
 * @param start index of the start function, or −1
 * @param dataCount the number in the data count section, or −1 without one
 * @param bodies code of each defined function
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, never handed out of the package
record WasmModule(
    byte[] source,
    List<Signature> types,
    List<Import> imports,
    int[] functionTypes,
    @Nullable Limits table,
    Limits memory,
    List<Global> globals,
    List<Export> exports,
    int start,
    List<Elements> elements,
    int dataCount,
    List<Span> bodies,
    List<Data> data) {

  /** A place in the submitted bytes: from {@code start} to before {@code end}. */
  record Span(int start, int end) {

    int length() {
      return end - start;
    }
  }

  /** An imported function of type {@code type}, read at {@code offset}. */
  record Import(int offset, String module, String name, int type) {}

  /**
   * Size of a table in entries or of a memory in pages; {@code max} is −1 when none is declared.
   */
  record Limits(int offset, long min, long max) {}

  /** A global that begins with {@code value}: an integer, or the bits of a float. */
  record Global(int type, boolean mutable, long value) {}

  /** An exported thing; {@code kind} is 0 function, 1 table, 2 memory, 3 global. */
  record Export(int offset, String name, int kind, int index) {}

  /** Function references written into the table at {@code at}. */
  record Elements(int offset, long at, int[] functions) {}

  /**
   * Bytes written into the memory at {@code at}, or for {@code memory.init} if {@code at} is −1.
   */
  record Data(int offset, long at, Span bytes) {}

  int functionCount() {
    return imports.size() + functionTypes.length;
  }

  /** The signature of any function, imported or defined. */
  Signature signatureOf(int function) {
    int type =
        function < imports.size()
            ? imports.get(function).type()
            : functionTypes[function - imports.size()];
    return types.get(type);
  }
}
