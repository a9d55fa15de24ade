package xyz.openledger.models.adapters;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import xyz.openledger.models.SpoiltJson;
import xyz.openledger.models.config.ConfigFields;
import xyz.openledger.nativekernels.strict.StrictKernels;
import xyz.openledger.protocol.ProblemException;

class AdapterConfigFuzzTest {
  private static final int INPUTS = Boolean.getBoolean("thorough") ? 10_000_000 : 100_000;
  private static final SpoiltJson CONFIG =
      new SpoiltJson(
          """
          {"peft_type":"LORA","r":8,"lora_alpha":16,"use_rslora":false,"use_dora":false,
           "fan_in_fan_out":false,"bias":"none","rank_pattern":{},"modules_to_save":null,
           "target_modules":["q_proj","v_proj"],"base_model_name_or_path":"tiny"}\
          """);

  @Test
  void whatIsReadCanBeServedAndAllElseIsRefused() {
    var random = new SplittableRandom(31);
    int read = 0;
    for (int i = 0; i < INPUTS; i++) {
      byte[] file = CONFIG.draw(random);
      try {
        AdapterConfig config = AdapterConfig.of(ConfigFields.read("adapter_config.json", file));
        assertThat(config.rank()).isBetween(1, StrictKernels.RANK_MAX);
        read++;
      } catch (ProblemException refused) {
        assertThat(refused.detail()).isNotBlank();
      } catch (RuntimeException | Error wrong) {
        fail("input " + i + ": " + new String(file, UTF_8), wrong);
      }
    }
    // A fuzzer that only ever sees one side of a reader tests nothing.
    assertThat(read).isBetween(INPUTS / 10, INPUTS / 10 * 9);
  }
}
