package xyz.openledger.models.recipe;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.StringJoiner;
import xyz.openledger.models.config.ModelConfig;
import xyz.openledger.models.files.TensorType;

/**
 * Adapters whose weights are drawn from a seed, in the layout of PEFT. They teach a model nothing;
 * they are many, and each changes every answer a little.
 */
public final class DrawnAdapter {
  private static final double SPREAD = 0.05;

  private DrawnAdapter() {}

  /** Writes one in fp32. */
  public static Path write(Path folder, ModelConfig base, int rank, long seed) throws IOException {
    return write(folder, base, rank, seed, TensorType.F32);
  }

  /**
   * Writes one that changes queries and values.
   *
   * @param base the shape of its base
   * @param type F32 or BF16
   * @return the folder
   */
  public static Path write(Path folder, ModelConfig base, int rank, long seed, TensorType type)
      throws IOException {
    Files.createDirectories(folder);
    Files.writeString(
        folder.resolve("adapter_config.json"),
        """
        {"peft_type":"LORA","task_type":"CAUSAL_LM","base_model_name_or_path":"base","r":%d,\
        "lora_alpha":%d.0,"bias":"none","target_modules":["q_proj","v_proj"]}
        """
            .formatted(rank, rank));
    var random = new SplittableRandom(seed);
    var header = new StringJoiner(",", "{\"__metadata__\":{\"format\":\"pt\"},", "}");
    var data = new ByteArrayOutputStream();
    for (int layer = 0; layer < base.layers(); layer++) {
      String name = "base_model.model.model.layers.%d.self_attn.".formatted(layer);
      add(header, data, name + "q_proj.lora_A.weight", rank, base.hiddenSize(), type, random);
      add(header, data, name + "q_proj.lora_B.weight", base.queryWidth(), rank, type, random);
      add(header, data, name + "v_proj.lora_A.weight", rank, base.hiddenSize(), type, random);
      add(header, data, name + "v_proj.lora_B.weight", base.keyValueWidth(), rank, type, random);
    }
    byte[] json = header.toString().getBytes(StandardCharsets.UTF_8);
    ByteBuffer file =
        ByteBuffer.allocate(Long.BYTES + json.length + data.size()).order(ByteOrder.LITTLE_ENDIAN);
    file.putLong(json.length).put(json).put(data.toByteArray());
    Files.write(folder.resolve("adapter_model.safetensors"), file.array());
    return folder;
  }

  private static void add(
      StringJoiner header,
      ByteArrayOutputStream data,
      String name,
      int rows,
      int columns,
      TensorType type,
      SplittableRandom random) {
    int count = rows * columns;
    header.add(
        "\"%s\":{\"dtype\":\"%s\",\"shape\":[%d,%d],\"data_offsets\":[%d,%d]}"
            .formatted(name, type, rows, columns, data.size(), data.size() + count * type.bytes()));
    ByteBuffer values = ByteBuffer.allocate(count * type.bytes()).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < count; i++) {
      float value = (float) (SPREAD * random.nextGaussian());
      if (type == TensorType.BF16) {
        values.putShort((short) (Float.floatToRawIntBits(value) >>> Short.SIZE));
      } else {
        values.putFloat(value);
      }
    }
    data.writeBytes(values.array());
  }
}
