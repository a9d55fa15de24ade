package xyz.openledger.protocol.inference;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.Check;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.json.DecimalText;
import xyz.openledger.protocol.json.Json;

/**
 * The files of a base model or of an adapter, by their content. The SHA-256 of its canonical JSON
 * is the model's identity: what a job names, and what a node has loaded.
 *
 * @param format always {@value #FORMAT}
 * @param base the manifest of the base that an adapter was made for; absent for a base
 * @param files 1 to {@value #FILES_MAX}, as a Hugging Face folder names them
 */
public record ModelManifest(String format, Kind kind, @Nullable Digest base, List<File> files) {
  /** What the bytes of a manifest are recognised by. */
  public static final String FORMAT = "openledger/model/v1";

  /** The most files of one model. */
  public static final int FILES_MAX = 64;

  /** The longest manifest, in bytes. */
  public static final int BYTES_MAX = 64 << 10;

  /** The name of the file that holds an adapter's weights. */
  public static final String ADAPTER_WEIGHTS = "adapter_model.safetensors";

  /** How long each part of a file is that has parts, but the last. */
  public static final long PART_BYTES = 64 << 20;

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");
  private static final long FILE_BYTES_MAX = 1L << 40;

  /** Base model or adapter. */
  public enum Kind {
    /** Weights, configuration and tokenizer. */
    BASE,
    /** A low-rank adapter for one base. */
    ADAPTER;

    /** As in {@code base}. */
    @JsonValue
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** Reads {@code base} or {@code adapter}. */
    @JsonCreator
    public static Kind parse(String word) {
      return Arrays.stream(values())
          .filter(kind -> kind.word().equals(word))
          .findAny()
          .orElseThrow(() -> Check.refusal("kind", "must be base or adapter"));
    }
  }

  /**
   * One file: its name within the model, its SHA-256 and its length.
   *
   * @param parts of a file that is longer than {@value #PART_BYTES} bytes: the digests of so many
   *     bytes each, the last of what is left. A shorter file has none; a longer one without parts
   *     has to be with the nodes already
   */
  public record File(
      String name, Digest digest, @DecimalText long bytes, @Nullable List<Digest> parts) {
    /** A file in one piece. */
    public File(String name, Digest digest, long bytes) {
      this(name, digest, bytes, null);
    }

    /** How long part {@code index} is. */
    public long partBytes(int index) {
      return Math.min(PART_BYTES, bytes - (long) index * PART_BYTES);
    }

    /** Checks the ranges. */
    public File {
      if (!NAME.matcher(Check.present("name", name)).matches()) {
        throw Check.refusal(
            "name", "must be a plain file name of letters, digits, dots and dashes");
      }
      Check.present("digest", digest);
      Check.range("bytes", bytes, 0, FILE_BYTES_MAX);
      if (parts != null) {
        parts = List.copyOf(parts);
        long count = (bytes + PART_BYTES - 1) / PART_BYTES;
        if (count < 2 || parts.size() != count) {
          throw Check.refusal(
              "parts", "%d bytes are not %d parts of 64 MiB".formatted(bytes, parts.size()));
        }
      }
    }
  }

  /** Checks that an adapter has a base, a base has none, and no file is named twice. */
  public ModelManifest {
    if (!FORMAT.equals(format)) {
      throw Check.refusal("format", "must be " + FORMAT);
    }
    Check.present("kind", kind);
    if ((kind == Kind.ADAPTER) != (base != null)) {
      throw Check.refusal("base", kind == Kind.ADAPTER ? "is missing" : "belongs to adapters only");
    }
    files = List.copyOf(Check.size("files", Check.present("files", files), 1, FILES_MAX));
    var names = new HashSet<String>();
    for (File file : files) {
      if (!names.add(file.name())) {
        throw Check.refusal("files", "has " + file.name() + " twice");
      }
    }
  }

  /** The manifest of a base model. */
  public static ModelManifest base(List<File> files) {
    return new ModelManifest(FORMAT, Kind.BASE, null, files);
  }

  /** The manifest of an adapter for a base. */
  public static ModelManifest adapter(Digest base, List<File> files) {
    return new ModelManifest(FORMAT, Kind.ADAPTER, base, files);
  }

  /** Whether bytes claim to be a manifest. */
  public static boolean begins(byte[] bytes) {
    return bytes.length <= BYTES_MAX
        && bytes.length > 0
        && bytes[0] == '{'
        && new String(bytes, StandardCharsets.UTF_8).contains("\"" + FORMAT + "\"");
  }

  /**
   * Reads a manifest.
   *
   * @throws xyz.openledger.protocol.ProblemException {@code invalid-request}, naming the field,
   *     also if it is not canonical: two texts of one manifest would be two models
   */
  public static ModelManifest read(byte[] json) {
    Check.range("the manifest's length", json.length, 1, BYTES_MAX);
    ModelManifest manifest = Json.read(json, ModelManifest.class);
    if (!Arrays.equals(manifest.canonical(), json)) {
      throw Check.refusal("format", "the manifest is not canonical JSON (RFC 8785)");
    }
    return manifest;
  }

  /** The bytes whose SHA-256 is {@link #digest()}. */
  public byte[] canonical() {
    return Json.canonical(this);
  }

  /** The model's identity. */
  public Digest digest() {
    return Digest.of(canonical());
  }

  /** The file of a name. */
  public Optional<File> file(String name) {
    return files.stream().filter(file -> file.name().equals(name)).findAny();
  }

  /**
   * The weights that an adapter is metered by, so that members and nodes reckon alike: no number of
   * its file has less than two bytes.
   *
   * @param bytes of {@value #ADAPTER_WEIGHTS}
   */
  public static long adapterWeights(long bytes) {
    return bytes / Short.BYTES;
  }

  /** The length of all files. */
  public long totalBytes() {
    return files.stream().mapToLong(File::bytes).sum();
  }
}
