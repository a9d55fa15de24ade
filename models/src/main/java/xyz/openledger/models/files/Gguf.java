package xyz.openledger.models.files;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A file of GGUF, versions 2 and 3.
 *
 * <pre>
 *   "GGUF" │ version │ tensors │ entries │ entries … │ tensors … │ padding │ numbers, each aligned
 * </pre>
 *
 * Entries that are lists are walked over and not kept: vocabularies are read from tokenizer.json.
 */
public record Gguf(Map<String, Tensor> tensors, Map<String, String> remarks) implements TensorFile {
  private static final int MAGIC = 0x46554747;
  private static final int ENTRIES_MAX = 10_000;
  private static final int ALIGNMENT_MAX = 1 << 16;

  /** Longer texts, such as chat templates, are kept up to this. */
  private static final int TEXT_BYTES_MAX = 1 << 20;

  /** The types of ggml, by number; those between are quantised. */
  private static final Map<Integer, TensorType> TYPES =
      Map.of(
          0, TensorType.F32,
          1, TensorType.F16,
          24, TensorType.I8,
          25, TensorType.I16,
          26, TensorType.I32,
          27, TensorType.I64,
          28, TensorType.F64,
          30, TensorType.BF16);

  /** Reads the header of a file, which stays mapped as long as the arena lives. */
  public static Gguf read(Path file, Arena arena) throws IOException {
    return read(TensorFile.map(file, arena));
  }

  /** Reads the header of a mapped file. */
  public static Gguf read(MemorySegment file) {
    var in = new GgufCursor(file);
    if (in.uint32("magic") != MAGIC) {
      throw Refused.at("magic", 0, "is not GGUF");
    }
    long version = in.uint32("version");
    if (version != 2 && version != 3) {
      throw Refused.at("version", 4, "is " + version + "; 2 and 3 are read");
    }
    // The least that a tensor's entry takes is 24 bytes, an entry's 13.
    long tensorCount = in.count("tensor_count", 24, TENSORS_MAX);
    long entryCount = in.count("metadata_kv_count", 13, ENTRIES_MAX);
    Map<String, String> entries = entries(in, entryCount);
    return tensors(in, file, tensorCount, entries);
  }

  private static Map<String, String> entries(GgufCursor in, long count) {
    var entries = new LinkedHashMap<String, String>();
    for (long i = 0; i < count; i++) {
      long at = in.position();
      String key = in.text("metadata key", NAME_BYTES_MAX);
      String value = in.value(key, TEXT_BYTES_MAX);
      if (entries.putIfAbsent(key, value) != null) {
        throw Refused.at(key, at, "stands there twice");
      }
    }
    return entries;
  }

  private record Entry(String name, long at, TensorType type, List<Long> shape, long offset) {}

  private static Gguf tensors(
      GgufCursor in, MemorySegment file, long count, Map<String, String> entries) {
    var listed = new LinkedHashMap<String, Entry>();
    for (long i = 0; i < count; i++) {
      Entry entry = entry(in);
      if (listed.putIfAbsent(entry.name(), entry) != null) {
        throw Refused.at(entry.name(), entry.at(), "stands there twice");
      }
    }
    long alignment = alignment(entries);
    long dataAt = (in.position() + alignment - 1) / alignment * alignment;
    var tensors = new LinkedHashMap<String, Tensor>();
    for (Entry entry : listed.values()) {
      tensors.put(entry.name(), tensor(entry, file, dataAt, alignment));
    }
    TensorFile.requireApart(new ArrayList<>(tensors.values()));
    return new Gguf(Collections.unmodifiableMap(tensors), Collections.unmodifiableMap(entries));
  }

  private static Entry entry(GgufCursor in) {
    long at = in.position();
    String name = in.text("tensor name", NAME_BYTES_MAX);
    long rank = in.uint32(name + ".n_dims");
    if (rank > RANK_MAX) {
      throw Refused.at(name + ".n_dims", at, "is " + rank + "; at most " + RANK_MAX + " are read");
    }
    var shape = new ArrayList<Long>();
    for (int i = 0; i < rank; i++) {
      shape.add(in.int64(name + ".dims"));
    }
    // GGUF names the fastest dimension first.
    Collections.reverse(shape);
    long type = in.uint32(name + ".type");
    TensorType known = TYPES.get((int) type);
    if (known == null) {
      throw Refused.at(
          name + ".type",
          in.position() - 4,
          "is number %d of ggml, quantised or not known; F32, F16 and BF16 are served"
              .formatted(type));
    }
    return new Entry(name, at, known, shape, in.int64(name + ".offset"));
  }

  private static Tensor tensor(Entry entry, MemorySegment file, long dataAt, long alignment) {
    long bytes = TensorFile.bytes(entry.name() + ".dims", entry.at(), entry.type(), entry.shape());
    long room = file.byteSize() - dataAt;
    if (entry.offset() < 0
        || entry.offset() % alignment != 0
        || entry.offset() > room
        || bytes > room - entry.offset()) {
      throw Refused.at(
          entry.name() + ".offset",
          entry.at(),
          "is %s for %d bytes; there are %d, in steps of %d"
              .formatted(
                  Long.toUnsignedString(entry.offset()), bytes, Math.max(0, room), alignment));
    }
    long offset = dataAt + entry.offset();
    return new Tensor(
        entry.name(), entry.type(), entry.shape(), offset, file.asSlice(offset, bytes));
  }

  private static long alignment(Map<String, String> entries) {
    String text = entries.getOrDefault("general.alignment", "32");
    if (!text.matches("[0-9]{1,6}")
        || Integer.bitCount(Integer.parseInt(text)) != 1
        || Integer.parseInt(text) > ALIGNMENT_MAX) {
      throw Refused.because(
          "general.alignment", "is " + text + ", not a power of two up to " + ALIGNMENT_MAX);
    }
    return Integer.parseInt(text);
  }
}
