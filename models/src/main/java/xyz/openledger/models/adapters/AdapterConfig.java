package xyz.openledger.models.adapters;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import xyz.openledger.models.config.ConfigFields;
import xyz.openledger.models.files.Refused;
import xyz.openledger.nativekernels.strict.StrictKernels;

/**
 * What {@code adapter_config.json} says of a LoRA adapter.
 *
 * @param scale by which its product is multiplied: alpha over rank
 * @param base what it was made for, as its maker named it; empty if that is not said
 */
record AdapterConfig(int rank, float scale, String base) {
  static AdapterConfig read(Path file) throws IOException {
    return of(ConfigFields.read(file));
  }

  static AdapterConfig of(ConfigFields fields) {
    if (!fields.text("peft_type", "LORA").equals("LORA")) {
      throw Refused.because("peft_type", "is not LORA");
    }
    for (String unserved : new String[] {"use_dora", "fan_in_fan_out", "lora_bias"}) {
      if (fields.flag(unserved, false)) {
        throw Refused.because(unserved, "is not served");
      }
    }
    for (String unserved :
        new String[] {"rank_pattern", "alpha_pattern", "modules_to_save", "layer_replication"}) {
      JsonNode value = fields.root().path(unserved);
      if (fields.has(unserved) && !value.isEmpty()) {
        throw Refused.because(unserved, "is not served");
      }
    }
    if (!fields.text("bias", "none").equals("none")) {
      throw Refused.because("bias", "only none is served");
    }
    int rank = fields.integer("r");
    if (rank < 1 || rank > StrictKernels.RANK_MAX) {
      throw Refused.because("r", "is " + rank + ", not between 1 and " + StrictKernels.RANK_MAX);
    }
    double alpha = fields.number("lora_alpha");
    double divisor = fields.flag("use_rslora", false) ? Math.sqrt(rank) : rank;
    float scale = (float) (alpha / divisor);
    if (!Float.isFinite(scale)) {
      throw Refused.because("lora_alpha", "is " + alpha + ", too large");
    }
    return new AdapterConfig(rank, scale, fields.text("base_model_name_or_path", ""));
  }
}
