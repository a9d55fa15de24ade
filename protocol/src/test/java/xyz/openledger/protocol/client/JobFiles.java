package xyz.openledger.protocol.client;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Job files for tests, written as people write them. */
final class JobFiles {
  static final String HELLO =
      """
      {
        "name": "hello",
        "labels": { "example": "hello" },
        "workload": {
          "kind": "wasm", "module": "module.wasm", "fuelMax": "10000000",
          "memoryMaxBytes": 16777216, "outputMaxBytes": 65536
        },
        "tasks": [{ "input": "input.txt" }, { "arguments": ["Hola"], "input": "input.txt" }],
        "policy": {
          "limits": { "priceMaxNanoOpen": 500000000, "deadlineMillis": 60000, "reputationMin": 0 },
          "verification": { "method": "trusted" }
        }
      }
      """;

  private JobFiles() {}

  /** Writes {@code job} and the two files it names, and answers where. */
  static Path write(Path folder, String job) throws IOException {
    Files.writeString(folder.resolve("module.wasm"), "module");
    Files.writeString(folder.resolve("input.txt"), "input");
    return Files.writeString(folder.resolve("job.json"), job);
  }

  static JobFile hello(Path folder) throws IOException {
    return JobFile.read(write(folder, HELLO));
  }
}
