package xyz.openledger.cluster.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import xyz.openledger.nodes.agent.AgentHome;
import xyz.openledger.nodes.agent.Enrolment;
import xyz.openledger.protocol.ClaimCode;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.ProblemException;

class EnrolmentTest {
  @TempDir Path folder;
  private Conversation conversation;

  @BeforeEach
  void open() throws Exception {
    conversation = new Conversation(folder);
  }

  @AfterEach
  void close() throws Exception {
    conversation.close();
  }

  @Test
  void makesANodeOfAMachineAndAClaim() throws Exception {
    var joined = conversation.join("ada", Conversation.terms("ada"));

    assertThat(conversation.directory.nodes).containsKey(joined.node());
    assertThat(new AgentHome(folder.resolve("ada")).membership()).contains(joined);
    assertThat(folder.resolve("ada/authority.pem")).exists();
    for (String key : new String[] {"node-transport", "node-result"}) {
      Path file = folder.resolve("ada/keys/" + key + ".pem");
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
          .isEqualTo("rw-------");
    }
  }

  @Test
  void isSafeToRepeatAfterALostAnswer() {
    ClaimCode claim = conversation.claim();

    var first = enrol(claim, "ada");
    var again = enrol(claim, "ada");

    assertThat(again).isEqualTo(first);
  }

  @Test
  void refusesAClaimThatAnotherMachineHasSpent() {
    ClaimCode claim = conversation.claim();
    enrol(claim, "ada");

    assertThatProblem(() -> enrol(claim, "bob"), Problem.CLAIM_USED);
  }

  @Test
  void refusesAClaimThatNobodyGave() {
    ClaimCode invented =
        conversation.authority.claim(conversation.proxy.address(), ClaimCode.drawToken());

    assertThatProblem(() -> enrol(invented, "ada"), Problem.CLAIM_UNKNOWN);
    assertThat(new AgentHome(folder.resolve("ada")).membership()).isEmpty();
  }

  @Test
  void tellsNothingToAGatewayOfAnotherAuthority() {
    var foreign =
        new ClaimCode(
            conversation.proxy.address(), Digest.of(new byte[] {9}), conversation.claim().token());

    assertThatThrownBy(() -> reach(foreign))
        .isInstanceOfSatisfying(
            ProblemException.class,
            refused -> {
              assertThat(refused.problem()).isEqualTo(Problem.FORBIDDEN);
              assertThat(refused.detail())
                  .contains("not the gateway that the claim code means")
                  .contains(conversation.authority.fingerprint().toString());
            });
    assertThat(conversation.directory.nodes).isEmpty();
  }

  @Test
  void saysWhenNobodyAnswers() throws Exception {
    ClaimCode claim = conversation.claim();
    conversation.proxy.close();

    assertThatProblem(() -> reach(claim), Problem.UNAVAILABLE);
  }

  @Test
  void findsTheGatewayThatTheClaimMeans() {
    ClaimCode claim = conversation.claim();

    reach(claim);

    assertThat(conversation.directory.nodes).isEmpty();
  }

  @Test
  void keepsItsAuthorityOverRestarts() throws Exception {
    var again = GatewayAuthority.open(folder.resolve("keys"));

    assertThat(again.fingerprint()).isEqualTo(conversation.authority.fingerprint());
    Path key = folder.resolve("keys/gateway-authority.pem");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key)))
        .isEqualTo("rw-------");
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r--r--"));
    assertThatThrownBy(() -> GatewayAuthority.open(folder.resolve("keys")))
        .hasMessageContaining("chmod 600");
  }

  private Object enrol(ClaimCode claim, String name) {
    try (var enrolment = Enrolment.of(claim, new AgentHome(folder.resolve(name)))) {
      return enrolment.enrol(
          Conversation.INVENTORY, Conversation.BENCHMARK, Conversation.terms(name));
    }
  }

  private void reach(ClaimCode claim) {
    try (var enrolment = Enrolment.of(claim, new AgentHome(folder.resolve("eve")))) {
      enrolment.reach();
    }
  }

  private static void assertThatProblem(ThrowingCallable call, Problem problem) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            ProblemException.class, refused -> assertThat(refused.problem()).isEqualTo(problem));
  }
}
