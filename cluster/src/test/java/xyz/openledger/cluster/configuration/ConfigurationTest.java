package xyz.openledger.cluster.configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import xyz.openledger.cluster.configuration.Configuration.Setting;

class ConfigurationTest {
  private static final String NAME = "openledger.journal.record-bytes-max";
  private static final String VARIABLE = "OPENLEDGER_JOURNAL_RECORD_BYTES_MAX";

  @TempDir Path data;

  @Test
  void comesFromTheReferenceWhereNobodySaidOtherwise() {
    Setting setting = setting(Map.of(), Map.of());

    assertThat(setting.value()).isEqualTo("\"1 MiB\"");
    assertThat(setting.source()).contains("reference.conf");
  }

  @Test
  void isOverriddenByFileThenEnvironmentThenFlag() throws Exception {
    Files.writeString(
        data.resolve("openledger.conf"), "openledger.journal.record-bytes-max = 2 MiB\n");

    Setting file = setting(Map.of(), Map.of());
    Setting environment = setting(Map.of(VARIABLE, "3 MiB"), Map.of());
    Setting flag = setting(Map.of(VARIABLE, "3 MiB"), Map.of(NAME, "4 MiB"));

    assertThat(file.value()).isEqualTo("\"2 MiB\"");
    assertThat(file.source()).contains("openledger.conf");
    assertThat(environment.value()).isEqualTo("\"3 MiB\"");
    assertThat(environment.source()).contains("environment variable " + VARIABLE);
    assertThat(flag.value()).isEqualTo("\"4 MiB\"");
    assertThat(flag.source()).contains("flag");
  }

  @Test
  void isReadAsWhatItIs() {
    var config = Configuration.load(data, Map.of(VARIABLE, "3 MiB"), Map.of()).config();

    assertThat(config.getBytes(NAME)).isEqualTo(3L << 20);
  }

  @Test
  void isRefusedWhereNothingHasThatName() throws Exception {
    assertThatThrownBy(
            () -> Configuration.load(data, Map.of(), Map.of("openledger.jurnal.directory", "x")))
        .hasMessageContaining("openledger.jurnal.directory");

    Files.writeString(data.resolve("openledger.conf"), "openledger.htpp.port = 1\n");
    assertThatThrownBy(() -> Configuration.load(data, Map.of(), Map.of()))
        .hasMessageContaining("openledger.htpp.port");
  }

  @Test
  void isRefusedWhereTheFileIsMalformed() throws Exception {
    Files.writeString(data.resolve("openledger.conf"), "openledger { http\n");

    assertThatThrownBy(() -> Configuration.load(data, Map.of(), Map.of()))
        .hasMessageContaining("openledger.conf");
  }

  private Setting setting(Map<String, String> environment, Map<String, String> flags) {
    return Configuration.load(data, environment, flags).settings().stream()
        .filter(setting -> setting.name().equals(NAME))
        .findFirst()
        .orElseThrow();
  }
}
