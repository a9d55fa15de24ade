package xyz.openledger.models.training;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import xyz.openledger.models.config.ConfigJson;
import xyz.openledger.models.config.ModelConfig;
import xyz.openledger.models.files.Refused;
import xyz.openledger.models.files.Shards;
import xyz.openledger.models.files.TensorFile;
import xyz.openledger.protocol.Digest;

/**
 * A model that is to be adapted, from a folder in the layout of Hugging Face.
 *
 * @param digest of everything in the folder that a training depends on
 */
public record BaseModel(Path folder, ModelConfig config, Parameters weights, Digest digest) {
  private static final int BUFFER_BYTES = 1 << 20;

  /** Reads it; its weights live in the arena. */
  public static BaseModel read(Path folder, Arena arena) throws IOException {
    return read(folder, arena, () -> {});
  }

  /**
   * The same.
   *
   * @param check asked between pieces of the reading; what it throws ends it
   */
  static BaseModel read(Path folder, Arena arena, Runnable check) throws IOException {
    if (!Files.isRegularFile(folder.resolve("config.json"))) {
      throw Refused.because("model", folder + " has no config.json");
    }
    ModelConfig config = ConfigJson.read(folder.resolve("config.json"));
    try (Arena mapped = Arena.ofShared()) {
      TensorFile file = Shards.read(folder, mapped);
      Parameters weights = Parameters.read(Layout.ofModel(config), file, "", arena, check);
      return new BaseModel(folder, config, weights, digest(folder, check));
    }
  }

  /** Its tokenizer's file. */
  public Path tokenizer() {
    return folder.resolve("tokenizer.json");
  }

  /** The digest of a model by those of its files, of which a training depends on some. */
  public static Digest digest(Map<String, Digest> files) {
    var sha256 = Digest.sha256();
    new TreeMap<>(files)
        .forEach(
            (name, digest) -> {
              if (counts(name)) {
                sha256.update((name + " " + digest + "\n").getBytes(StandardCharsets.UTF_8));
              }
            });
    return Digest.wrap(sha256.digest());
  }

  private static boolean counts(String name) {
    return name.equals("config.json")
        || name.equals("tokenizer.json")
        || name.endsWith(".safetensors");
  }

  private static Digest digest(Path folder, Runnable check) throws IOException {
    var files = new TreeMap<String, Digest>();
    try (Stream<Path> listed = Files.list(folder)) {
      for (Path file : listed.toList()) {
        String name = file.getFileName().toString();
        if (counts(name)) {
          files.put(name, digestOf(file, check));
        }
      }
    }
    return digest(files);
  }

  private static Digest digestOf(Path file, Runnable check) throws IOException {
    var sha256 = Digest.sha256();
    try (var in = Files.newInputStream(file)) {
      var buffer = new byte[BUFFER_BYTES];
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        check.run();
        sha256.update(buffer, 0, read);
      }
    }
    return Digest.wrap(sha256.digest());
  }
}
