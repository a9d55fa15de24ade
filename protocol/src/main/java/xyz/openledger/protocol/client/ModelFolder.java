package xyz.openledger.protocol.client;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.Check;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.inference.ModelManifest;

/**
 * A model or adapter on this disk, in the layout of a Hugging Face folder, and its manifest.
 *
 * @param manifest its files by their content
 */
public record ModelFolder(Path folder, ModelManifest manifest) {
  private static final String ADAPTER_CONFIG = "adapter_config.json";

  /** What a node reads of a base model; a README or a picture need not travel. */
  private static final Pattern BASE_FILES =
      Pattern.compile(
          "config\\.json|tokenizer\\.json|tokenizer_config\\.json|chat_template\\.jinja"
              + "|generation_config\\.json"
              + "|model\\.safetensors\\.index\\.json|[A-Za-z0-9._-]+\\.safetensors");

  private static final Set<String> ADAPTER_FILES =
      Set.of(ADAPTER_CONFIG, ModelManifest.ADAPTER_WEIGHTS);

  /** Whether a folder holds an adapter. */
  public static boolean isAdapter(Path folder) {
    return Files.isRegularFile(folder.resolve(ADAPTER_CONFIG));
  }

  /**
   * Reads a folder, and all its files for their digests.
   *
   * @param base the manifest of the base, for an adapter; absent for a base
   */
  public static ModelFolder read(Path folder, @Nullable Digest base) {
    if (!Files.isDirectory(folder)) {
      throw Check.refusal("", "there is no folder " + folder);
    }
    boolean adapter = isAdapter(folder);
    if (!adapter && !Files.isRegularFile(folder.resolve("config.json"))) {
      throw Check.refusal(
          "", folder + " has neither a config.json of a model nor an adapter_config.json");
    }
    var files = new ArrayList<ModelManifest.File>();
    try (var listed = Files.list(folder)) {
      for (Path file : listed.filter(Files::isRegularFile).sorted().toList()) {
        String name = file.getFileName().toString();
        if (adapter ? ADAPTER_FILES.contains(name) : BASE_FILES.matcher(name).matches()) {
          files.add(FileParts.describe(name, file));
        }
      }
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
    return new ModelFolder(
        folder,
        adapter
            ? ModelManifest.adapter(Check.present("base", base), files)
            : ModelManifest.base(files));
  }

  /**
   * Stores what the member has not got, the manifest last.
   *
   * @param progress hears each file that is sent
   */
  public void upload(BlobClient blobs, Consumer<ModelManifest.File> progress) {
    for (ModelManifest.File file : manifest.files()) {
      if (file.parts() != null) {
        progress.accept(file);
        FileParts.upload(folder.resolve(file.name()), file, blobs);
      } else if (!blobs.has(file.digest())) {
        progress.accept(file);
        blobs.put(folder.resolve(file.name()));
      }
    }
    blobs.put(manifest.canonical());
  }
}
