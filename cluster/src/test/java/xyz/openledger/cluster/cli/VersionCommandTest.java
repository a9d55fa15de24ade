package xyz.openledger.cluster.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VersionCommandTest {
  private static final String CONTRACT = "0x70997970c51812dc3a010c7d01b50e0d17dc79c8";

  @TempDir Path folder;

  @Test
  void showsTheContractsThatReceiptsAreCheckedAgainst() {
    try (var member = new CannedMember()) {
      member.on(
          "GET /api/v1/version",
          200,
          """
          {"version":"1","api":"v1","javaVersion":"25","chainId":901,"contracts":{"AnchorLog":"%s"}}\
          """
              .formatted(CONTRACT));

      var result = TestShell.of(folder, member).run("version");

      assertThat(result.exitCode()).isZero();
      assertThat(result.out()).startsWith("openledger ").contains("AnchorLog", CONTRACT, "901");
    }
  }

  @Test
  void saysThatNoMemberAnswersAndIsNoFailure() {
    var result =
        new TestShell(folder).run("version", "--url", URI.create("http://127.0.0.1:9").toString());

    assertThat(result.exitCode()).isZero();
    assertThat(result.out()).contains("no member answers at http://127.0.0.1:9");
  }
}
