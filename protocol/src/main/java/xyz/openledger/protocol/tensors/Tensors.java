package xyz.openledger.protocol.tensors;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import xyz.openledger.protocol.Check;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.protocol.json.Json;

/**
 * Tensors as one blob, in the form of safetensors: what a task of the kind {@code onnx} takes in
 * and puts out.
 *
 * <pre>
 *   length of the header, 8 bytes │ header, JSON │ numbers, in the header's order, without gaps
 * </pre>
 *
 * What is read comes from strangers: every size is believed only after it was held against the
 * bytes.
 */
public final class Tensors {
  /** The most tensors of one blob. */
  public static final int COUNT_MAX = 64;

  /** The longest header, in bytes. */
  static final int HEADER_BYTES_MAX = 64 << 10;

  private static final int ALIGNMENT = 8;
  private static final String REMARKS = "__metadata__";
  private static final Set<String> FIELDS = Set.of("dtype", "shape", "data_offsets");

  private Tensors() {}

  /**
   * Reads a blob.
   *
   * @return in the order of their bytes
   * @throws ProblemException {@code invalid-request}, naming the tensor and the field
   */
  public static List<Tensor> read(byte[] blob) {
    int header = headerBytes(blob);
    JsonNode tree;
    try {
      tree = Json.tree(Arrays.copyOfRange(blob, Long.BYTES, Long.BYTES + header));
    } catch (ProblemException malformed) {
      throw Check.refusal("header", "is not the JSON that it should be: " + malformed.detail());
    }
    if (!(tree instanceof ObjectNode fields)) {
      throw Check.refusal("header", "is no object of tensors");
    }
    Check.range("header.tensors", fields.size(), 0, COUNT_MAX + 1);
    var tensors = new ArrayList<Tensor>();
    int at = Long.BYTES + header;
    for (Map.Entry<String, JsonNode> field : fields.properties()) {
      Check.range("header.name", field.getKey().length(), 0, Tensor.NAME_LETTERS_MAX);
      if (!field.getKey().equals(REMARKS)) {
        Tensor tensor = tensor(field.getKey(), field.getValue(), blob, Long.BYTES + header, at);
        tensors.add(tensor);
        at += tensor.data().length;
      }
    }
    if (at != blob.length) {
      throw Check.refusal(
          "data", "goes on for %d bytes that no tensor names".formatted(blob.length - at));
    }
    Check.size("header.tensors", tensors, 1, COUNT_MAX);
    return List.copyOf(tensors);
  }

  /** Whether a blob says that it is one of tensors; it may be wrong in everything else. */
  public static boolean begin(byte[] blob) {
    return blob.length > Long.BYTES
        && blob[Long.BYTES] == '{'
        && length(blob) >= 2
        && length(blob) <= Math.min(HEADER_BYTES_MAX, blob.length - Long.BYTES);
  }

  /**
   * Writes a blob: equal tensors are equal bytes.
   *
   * @throws ProblemException if two have one name, or there are too many
   */
  public static byte[] write(List<Tensor> tensors) {
    Check.size("tensors", tensors, 1, COUNT_MAX);
    ObjectNode header = (ObjectNode) Json.tree(Map.of());
    Set<String> names = new HashSet<>();
    long end = 0;
    for (Tensor tensor : tensors) {
      if (!names.add(tensor.name())) {
        throw Check.refusal(tensor.name(), "is there twice");
      }
      ObjectNode entry = header.putObject(tensor.name());
      entry.put("dtype", tensor.type().name());
      var shape = entry.putArray("shape");
      tensor.shape().forEach(shape::add);
      entry.putArray("data_offsets").add(end).add(end + tensor.data().length);
      end += tensor.data().length;
    }
    byte[] json = Json.write(header);
    int padded =
        Check.range("header", (json.length + ALIGNMENT - 1) & -ALIGNMENT, 2, HEADER_BYTES_MAX);
    ByteBuffer blob =
        ByteBuffer.allocate(Math.toIntExact(Long.BYTES + padded + end))
            .order(ByteOrder.LITTLE_ENDIAN);
    blob.putLong(padded).put(json);
    while (blob.position() < Long.BYTES + padded) {
      blob.put((byte) ' ');
    }
    tensors.forEach(tensor -> blob.put(tensor.data()));
    return blob.array();
  }

  private static long length(byte[] blob) {
    return ByteBuffer.wrap(blob).order(ByteOrder.LITTLE_ENDIAN).getLong(0);
  }

  private static int headerBytes(byte[] blob) {
    if (blob.length < Long.BYTES + 2) {
      throw Check.refusal("header", "is cut off: there are %d bytes".formatted(blob.length));
    }
    long length = length(blob);
    if (length < 2 || length > HEADER_BYTES_MAX || length > blob.length - Long.BYTES) {
      throw Check.refusal(
          "header",
          "claims %s bytes of %d; it may have %d"
              .formatted(Long.toUnsignedString(length), blob.length, HEADER_BYTES_MAX));
    }
    return (int) length;
  }

  private static Tensor tensor(String name, JsonNode entry, byte[] blob, int dataAt, int at) {
    if (!entry.isObject() || entry.size() != FIELDS.size()) {
      throw Check.refusal(name, "needs dtype, shape and data_offsets, and nothing else");
    }
    NumberType type = type(name, entry.path("dtype"));
    List<Long> shape = numbers(name + ".shape", entry.path("shape"), Tensor.RANK_MAX);
    List<Long> offsets = numbers(name + ".data_offsets", entry.path("data_offsets"), 2);
    long bytes = Tensor.bytes(name, type, shape);
    long begin = (long) at - dataAt;
    if (!offsets.equals(List.of(begin, begin + bytes)) || bytes > blob.length - at) {
      throw Check.refusal(
          name + ".data_offsets",
          "are %s; its shape makes them %d and %d, and the data has %d bytes"
              .formatted(offsets, begin, begin + bytes, blob.length - dataAt));
    }
    return new Tensor(name, type, shape, Arrays.copyOfRange(blob, at, at + (int) bytes));
  }

  private static NumberType type(String name, JsonNode text) {
    for (NumberType type : NumberType.values()) {
      if (type.name().equals(text.textValue())) {
        return type;
      }
    }
    throw Check.refusal(name + ".dtype", "must be one of " + Arrays.toString(NumberType.values()));
  }

  private static List<Long> numbers(String field, JsonNode list, int countMax) {
    var numbers = new ArrayList<Long>();
    if (!list.isArray() || list.size() > countMax) {
      throw Check.refusal(field, "must be a list of at most %d whole numbers".formatted(countMax));
    }
    for (JsonNode number : list) {
      if (!number.isIntegralNumber() || !number.canConvertToLong()) {
        throw Check.refusal(field, "has something that is no whole number of 64 bits");
      }
      numbers.add(number.longValue());
    }
    return numbers;
  }
}
