package xyz.openledger.nodes.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import xyz.openledger.protocol.ProblemException;

class AccessFilesTest {
  private static final String CONFIG =
      """
      apiVersion: v1
      kind: Config
      current-context: here
      contexts:
        - {name: other, context: {cluster: c, user: nobody}}
        - {name: here, context: {cluster: c, user: agent, namespace: ignored}}
      clusters:
        - {name: c, cluster: {server: "https://10.0.0.1:6443/", certificate-authority: ca.crt}}
      users:
        - {name: agent, user: {token: secret}}
      """;

  @TempDir private Path folder;

  @Test
  void takesTheCurrentContextOfAKubeconfig() throws IOException {
    ClusterAccess access = read(CONFIG);

    assertThat(access.server()).hasToString("https://10.0.0.1:6443");
    assertThat(access.authorities()).isEqualTo("a certificate");
    assertThat(access.token().get()).isEqualTo("secret");
  }

  @Test
  void readsATokenAnewEachTime() throws IOException {
    Files.writeString(folder.resolve("renewed"), "first\n");
    ClusterAccess access = read(CONFIG.replace("token: secret", "tokenFile: renewed"));

    assertThat(access.token().get()).isEqualTo("first");
    Files.writeString(folder.resolve("renewed"), "second\n");
    assertThat(access.token().get()).isEqualTo("second");
  }

  @ParameterizedTest(name = "{2}")
  @MethodSource("wrong")
  void namesWhatItDoesNotUnderstand(String right, String wrong, String said) {
    assertThatThrownBy(() -> read(CONFIG.replace(right, wrong)))
        .isInstanceOf(ProblemException.class)
        .hasMessageContaining(said);
  }

  static Stream<Arguments> wrong() {
    return Stream.of(
        Arguments.of("current-context: here", "", "current-context"),
        Arguments.of("current-context: here", "current-context: 7", "must be a text"),
        Arguments.of(
            "current-context: here", "current-context: there", "no entry of the name there"),
        Arguments.of("https://10", "http://10", "must begin with https://"),
        Arguments.of("token: secret", "exec: {command: aws}", "has exec; token or tokenFile"),
        Arguments.of("token: secret", "client-certificate: me.crt", "has client-certificate;"),
        Arguments.of("token: secret", "", "has no credential"),
        Arguments.of("certificate-authority: ca.crt", "x: y", "certificate-authority"),
        Arguments.of(
            "certificate-authority: ca.crt", "certificate-authority: none", "cannot be read"),
        Arguments.of(
            "certificate-authority: ca.crt", "certificate-authority-data: '*'", "no base64"),
        Arguments.of(
            "certificate-authority: ca.crt",
            "certificate-authority: ca.crt, insecure-skip-tls-verify: true",
            "insecure-skip-tls-verify"),
        Arguments.of("apiVersion: v1", "apiVersion: [", "is no YAML"),
        Arguments.of("apiVersion: v1", "apiVersion: !!java.io.File [x]", "is no YAML"));
  }

  private ClusterAccess read(String config) throws IOException {
    Files.writeString(folder.resolve("ca.crt"), "a certificate");
    return AccessFiles.ofFile(Files.writeString(folder.resolve("config"), config));
  }

  @Test
  void takesWhatAClusterGivesToEachPod() throws IOException {
    Files.writeString(folder.resolve("ca.crt"), "a certificate");
    Files.writeString(folder.resolve("token"), "of the pod\n");
    var environment =
        Map.of("KUBERNETES_SERVICE_HOST", "fd00::1", "KUBERNETES_SERVICE_PORT", "6443");

    assertThat(AccessFiles.ofPod(environment, folder))
        .hasValueSatisfying(
            access -> {
              assertThat(access.server()).hasToString("https://[fd00::1]:6443");
              assertThat(access.token().get()).isEqualTo("of the pod");
            });
    assertThat(AccessFiles.ofPod(Map.of(), folder)).isEmpty();
    assertThat(AccessFiles.ofPod(environment, folder.resolve("none"))).isEmpty();
  }

  @Test
  void trustsNothingWithoutACertificate() throws IOException {
    ClusterAccess access = read(CONFIG);

    assertThatThrownBy(access::tls).hasMessageContaining("certificate-authority");
  }
}
