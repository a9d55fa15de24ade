package xyz.openledger.models.files;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;

/** Writes files of weights, with code of its own. */
public final class TensorFiles {
  private TensorFiles() {}

  /** What a file is made of. */
  public record Weights(List<Long> shape, float[] values) {}

  /** As safetensors, every tensor of one type. */
  public static byte[] safetensors(Map<String, Weights> weights, TensorType type) {
    var header = new StringJoiner(",", "{\"__metadata__\":{\"format\":\"pt\"},", "}");
    var data = new ByteArrayOutputStream();
    weights.forEach(
        (name, tensor) -> {
          int begin = data.size();
          data.writeBytes(bytes(tensor.values(), type));
          header.add(
              "\"%s\":{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":[%d,%d]}"
                  .formatted(name, type, tensor.shape(), begin, data.size()));
        });
    return safetensors(header.toString(), data.toByteArray());
  }

  /** As safetensors, with any header. */
  public static byte[] safetensors(String header, byte[] data) {
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(8 + json.length + data.length)
        .order(LITTLE_ENDIAN)
        .putLong(json.length)
        .put(json)
        .put(data)
        .array();
  }

  /** Numbers, little-endian; narrower types cut what they cannot hold. */
  public static byte[] bytes(float[] values, TensorType type) {
    ByteBuffer out = ByteBuffer.allocate(values.length * type.bytes()).order(LITTLE_ENDIAN);
    for (float value : values) {
      switch (type) {
        case F32 -> out.putFloat(value);
        case F16 -> out.putShort(Float.floatToFloat16(value));
        case BF16 -> out.putShort((short) (Float.floatToRawIntBits(value) >>> 16));
        default -> throw new IllegalArgumentException(type + " is no weight");
      }
    }
    return out.array();
  }

  /** As GGUF 3; entries are Integer, Float, String or lists of text. */
  public static byte[] gguf(
      Map<String, Object> entries, Map<String, Weights> weights, TensorType type) {
    var out = new ByteArrayOutputStream();
    out.writeBytes("GGUF".getBytes(StandardCharsets.US_ASCII));
    out.writeBytes(int32(3));
    out.writeBytes(int64(weights.size()));
    out.writeBytes(int64(entries.size()));
    entries.forEach((key, value) -> entry(out, key, value));
    var blocks = new LinkedHashMap<String, byte[]>();
    long offset = 0;
    for (var tensor : weights.entrySet()) {
      byte[] block = bytes(tensor.getValue().values(), type);
      blocks.put(tensor.getKey(), block);
      text(out, tensor.getKey());
      List<Long> shape = tensor.getValue().shape();
      out.writeBytes(int32(shape.size()));
      shape.reversed().forEach(dimension -> out.writeBytes(int64(dimension)));
      out.writeBytes(int32(type == TensorType.F32 ? 0 : type == TensorType.F16 ? 1 : 30));
      out.writeBytes(int64(offset));
      offset = (offset + block.length + 31) / 32 * 32;
    }
    for (byte[] block : blocks.values()) {
      pad(out);
      out.writeBytes(block);
    }
    pad(out);
    return out.toByteArray();
  }

  private static void entry(ByteArrayOutputStream out, String key, Object value) {
    text(out, key);
    switch (value) {
      case Integer number -> {
        out.writeBytes(int32(4));
        out.writeBytes(int32(number));
      }
      case Float number -> {
        out.writeBytes(int32(6));
        out.writeBytes(int32(Float.floatToRawIntBits(number)));
      }
      case String word -> {
        out.writeBytes(int32(8));
        text(out, word);
      }
      case float[] numbers -> {
        out.writeBytes(int32(9));
        out.writeBytes(int32(6));
        out.writeBytes(int64(numbers.length));
        out.writeBytes(bytes(numbers, TensorType.F32));
      }
      case int[] numbers -> {
        out.writeBytes(int32(9));
        out.writeBytes(int32(5));
        out.writeBytes(int64(numbers.length));
        for (int number : numbers) {
          out.writeBytes(int32(number));
        }
      }
      case List<?> words -> {
        out.writeBytes(int32(9));
        out.writeBytes(int32(8));
        out.writeBytes(int64(words.size()));
        words.forEach(word -> text(out, word.toString()));
      }
      default -> throw new IllegalArgumentException(value.toString());
    }
  }

  private static void text(ByteArrayOutputStream out, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.writeBytes(int64(bytes.length));
    out.writeBytes(bytes);
  }

  private static void pad(ByteArrayOutputStream out) {
    while (out.size() % 32 != 0) {
      out.write(0);
    }
  }

  static byte[] int32(int value) {
    return ByteBuffer.allocate(4).order(LITTLE_ENDIAN).putInt(value).array();
  }

  static byte[] int64(long value) {
    return ByteBuffer.allocate(8).order(LITTLE_ENDIAN).putLong(value).array();
  }
}
