package xyz.openledger.models.files;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The safetensors of a folder, in one file or in several. */
public record Shards(Map<String, Tensor> tensors, Map<String, String> remarks)
    implements TensorFile {
  private static final int FILES_MAX = 1_000;

  /** Reads all {@code *.safetensors} of a folder; no name may stand in two of them. */
  public static Shards read(Path folder, Arena arena) throws IOException {
    var tensors = new LinkedHashMap<String, Tensor>();
    var remarks = new LinkedHashMap<String, String>();
    List<Path> files = files(folder);
    if (files.isEmpty() || files.size() > FILES_MAX) {
      throw Refused.because(
          folder.toString(),
          "holds %d files of safetensors; 1 to %d are read".formatted(files.size(), FILES_MAX));
    }
    for (Path file : files) {
      Safetensors shard = Safetensors.read(file, arena);
      for (Tensor tensor : shard.tensors().values()) {
        if (tensors.putIfAbsent(tensor.name(), tensor) != null) {
          throw Refused.at(tensor.name(), tensor.offset(), "stands in two files, here " + file);
        }
      }
      remarks.putAll(shard.remarks());
    }
    return new Shards(Collections.unmodifiableMap(tensors), Collections.unmodifiableMap(remarks));
  }

  private static List<Path> files(Path folder) throws IOException {
    try (var files = Files.list(folder)) {
      return files
          .filter(file -> file.getFileName().toString().endsWith(".safetensors"))
          .sorted()
          .limit(FILES_MAX + 1L)
          .toList();
    }
  }
}
