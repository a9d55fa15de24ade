package xyz.openledger.models.files;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A file of safetensors.
 *
 * <pre>
 *   length of the header, 8 bytes │ header, JSON │ numbers, without gaps
 * </pre>
 */
public record Safetensors(Map<String, Tensor> tensors, Map<String, String> remarks)
    implements TensorFile {
  /** As Hugging Face bounds it. */
  static final long HEADER_BYTES_MAX = 100_000_000;

  private static final int REMARKS_MAX = 1_000;
  private static final int REMARK_LENGTH_MAX = 1 << 20;
  private static final String REMARKS = "__metadata__";
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(LITTLE_ENDIAN);
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(4)
                  .maxNumberLength(20)
                  .maxStringLength(REMARK_LENGTH_MAX)
                  .maxNameLength(NAME_BYTES_MAX)
                  .build())
          .build();

  /** Reads the header of a file, which stays mapped as long as the arena lives. */
  public static Safetensors read(Path file, Arena arena) throws IOException {
    return read(TensorFile.map(file, arena));
  }

  /** Reads the header of a mapped file. */
  public static Safetensors read(MemorySegment file) {
    if (file.byteSize() < Long.BYTES) {
      throw Refused.at("header", 0, "is cut off: the file has " + file.byteSize() + " bytes");
    }
    long length = file.get(LONG, 0);
    if (length < 2 || length > HEADER_BYTES_MAX || length > file.byteSize() - Long.BYTES) {
      throw Refused.at(
          "header",
          0,
          "claims %s bytes; the file has %d, and a header at most %d"
              .formatted(Long.toUnsignedString(length), file.byteSize(), HEADER_BYTES_MAX));
    }
    byte[] header = file.asSlice(Long.BYTES, length).toArray(ValueLayout.JAVA_BYTE);
    var reader = new Reader(file, Long.BYTES + length);
    try (JsonParser json = JSON.createParser(header)) {
      reader.header(json);
    } catch (IOException malformed) {
      throw Refused.at(
          "header", Long.BYTES, "is not the JSON that it should be: " + brief(malformed));
    }
    return reader.whole();
  }

  private static String brief(IOException malformed) {
    String message = String.valueOf(malformed.getMessage());
    int line = message.indexOf('\n');
    return message.substring(0, Math.min(line < 0 ? message.length() : line, 200));
  }

  private static final class Reader {
    private final MemorySegment file;
    private final long dataAt;
    private final Map<String, Tensor> tensors = new LinkedHashMap<>();
    private final Map<String, String> remarks = new LinkedHashMap<>();

    Reader(MemorySegment file, long dataAt) {
      this.file = file;
      this.dataAt = dataAt;
    }

    void header(JsonParser json) throws IOException {
      expect(json, json.nextToken(), JsonToken.START_OBJECT, "header");
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String name = json.currentName();
        if (name.equals(REMARKS)) {
          remarks(json);
        } else {
          tensor(json, name);
        }
      }
      expect(json, json.currentToken(), JsonToken.END_OBJECT, "header");
      // Writers pad the header with spaces; anything else behind it is a second document.
      if (json.nextToken() != null) {
        throw Refused.at("header", position(json), "has something behind its end");
      }
    }

    private void remarks(JsonParser json) throws IOException {
      expect(json, json.nextToken(), JsonToken.START_OBJECT, REMARKS);
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String key = json.currentName();
        expect(json, json.nextToken(), JsonToken.VALUE_STRING, REMARKS + "." + key);
        if (remarks.size() == REMARKS_MAX) {
          throw Refused.at(REMARKS, position(json), "has more than " + REMARKS_MAX + " entries");
        }
        remarks.put(key, json.getText());
      }
    }

    private void tensor(JsonParser json, String name) throws IOException {
      long at = position(json);
      if (tensors.size() == TENSORS_MAX) {
        throw Refused.at(name, at, "is one tensor more than " + TENSORS_MAX);
      }
      TensorType type = null;
      List<Long> shape = null;
      List<Long> offsets = null;
      expect(json, json.nextToken(), JsonToken.START_OBJECT, name);
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String field = json.currentName();
        switch (field) {
          case "dtype" -> type = type(json, name);
          case "shape" -> shape = numbers(json, name + ".shape", RANK_MAX);
          case "data_offsets" -> offsets = numbers(json, name + ".data_offsets", 2);
          default -> throw Refused.at(name + "." + field, position(json), "is not known");
        }
      }
      if (type == null || shape == null || offsets == null || offsets.size() != 2) {
        throw Refused.at(name, at, "needs dtype, shape and two data_offsets");
      }
      tensors.put(name, tensor(name, at, type, shape, offsets.get(0), offsets.get(1)));
    }

    private Tensor tensor(
        String name, long at, TensorType type, List<Long> shape, long begin, long end) {
      long room = file.byteSize() - dataAt;
      if (begin < 0 || end < begin || end > room) {
        throw Refused.at(
            name + ".data_offsets",
            at,
            "are %d to %d, and the data has %d bytes".formatted(begin, end, room));
      }
      long bytes = TensorFile.bytes(name + ".shape", at, type, shape);
      if (bytes != end - begin) {
        throw Refused.at(
            name + ".data_offsets",
            at,
            "span %d bytes, and its shape takes %d".formatted(end - begin, bytes));
      }
      return new Tensor(name, type, shape, dataAt + begin, file.asSlice(dataAt + begin, bytes));
    }

    private TensorType type(JsonParser json, String name) throws IOException {
      expect(json, json.nextToken(), JsonToken.VALUE_STRING, name + ".dtype");
      String text = json.getText();
      for (TensorType type : TensorType.values()) {
        if (type.name().equals(text)) {
          return type;
        }
      }
      throw Refused.at(
          name + ".dtype", position(json), "is of a type that is not read: " + cut(text));
    }

    private List<Long> numbers(JsonParser json, String field, int countMax) throws IOException {
      expect(json, json.nextToken(), JsonToken.START_ARRAY, field);
      var numbers = new ArrayList<Long>();
      while (json.nextToken() != JsonToken.END_ARRAY) {
        expect(json, json.currentToken(), JsonToken.VALUE_NUMBER_INT, field);
        if (json.getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
          throw Refused.at(field, position(json), "is beyond 2^63: " + json.getText());
        }
        if (numbers.size() == countMax) {
          throw Refused.at(field, position(json), "has more than " + countMax + " numbers");
        }
        numbers.add(json.getLongValue());
      }
      return numbers;
    }

    Safetensors whole() {
      var all = new ArrayList<>(tensors.values());
      TensorFile.requireApart(all);
      all.sort(Comparator.comparingLong(Tensor::offset));
      long end = dataAt;
      for (Tensor tensor : all) {
        if (tensor.offset() > end) {
          throw Refused.at(
              tensor.name(), tensor.offset(), "leaves a gap behind byte " + end + " of the file");
        }
        end = Math.max(end, tensor.offset() + tensor.data().byteSize());
      }
      if (end != file.byteSize()) {
        throw Refused.at(
            "data",
            end,
            "goes on for %d bytes that no tensor names".formatted(file.byteSize() - end));
      }
      return new Safetensors(
          Collections.unmodifiableMap(tensors), Collections.unmodifiableMap(remarks));
    }

    private static void expect(JsonParser json, JsonToken token, JsonToken wanted, String field) {
      if (token != wanted) {
        throw Refused.at(
            field, position(json), "is " + word(token) + " instead of " + word(wanted));
      }
    }

    private static String word(JsonToken token) {
      return switch (token) {
        case START_OBJECT, END_OBJECT -> "an object";
        case START_ARRAY, END_ARRAY -> "a list";
        case VALUE_STRING -> "text";
        case VALUE_NUMBER_INT -> "a whole number";
        case null -> "the end";
        default -> "something else";
      };
    }

    private static String cut(String text) {
      return text.substring(0, Math.min(text.length(), 40));
    }

    private static long position(JsonParser json) {
      return Long.BYTES + Math.max(0, json.currentLocation().getByteOffset());
    }
  }
}
