package xyz.openledger.models.training;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import xyz.openledger.models.decoder.Projection;
import xyz.openledger.protocol.Digest;

/** Writes an adapter in the layout of PEFT. */
public final class AdapterFolder {
  private AdapterFolder() {}

  /** Writes configuration and weights; answers the digest of the weights' file. */
  public static Digest write(Path folder, String base, AdapterShape shape, Parameters weights)
      throws IOException {
    Files.createDirectories(folder);
    var json = new ObjectMapper();
    ObjectNode config = json.createObjectNode();
    config.put("peft_type", "LORA").put("task_type", "CAUSAL_LM");
    config.put("base_model_name_or_path", base);
    config.put("r", shape.rank()).put("lora_alpha", shape.alpha());
    config.put("lora_dropout", 0).put("bias", "none").put("fan_in_fan_out", false);
    config.put("inference_mode", true);
    shape.targets().stream()
        .map(Projection::target)
        .forEach(config.withArray("target_modules")::add);
    Files.write(
        folder.resolve("adapter_config.json"),
        (json.writerWithDefaultPrettyPrinter().writeValueAsString(config) + "\n")
            .getBytes(java.nio.charset.StandardCharsets.UTF_8));
    return new TensorWriter(false)
        .add("", weights)
        .write(folder.resolve("adapter_model.safetensors"), Map.of("format", "pt"));
  }
}
