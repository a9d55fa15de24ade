package xyz.openledger.chainanchor.evm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.keys.Secp256k1Key;

/** What a deployment leaves to the key that made it, and what another key may do with it. */
class DeploymentTest {
  private static final long OPERATOR = 1;
  private static final long SLASHER = 2;

  @TempDir static Path folder;
  private static Anvil anvil;
  private static Path file;

  @BeforeAll
  static void start() throws IOException {
    anvil = Anvil.start(folder);
    anvil.automine(true);
    file = folder.resolve("contracts.json");
  }

  @AfterAll
  static void stop() {
    anvil.close();
  }

  @Test
  void theCourtAloneMaySlash() throws IOException {
    Address court = Objects.requireNonNull(anvil.contracts.governance()).court();
    assertThat(holds(anvil.contracts, SLASHER, court)).isTrue();
    assertThat(holds(anvil.contracts, SLASHER, anvil.deployer.address())).isFalse();
    assertThat(holds(anvil.contracts, OPERATOR, anvil.deployer.address())).isTrue();
  }

  @Test
  void whatCulpritsLoseGoesToNobodyWhoCouldAccuseItself() throws IOException {
    var governance = Objects.requireNonNull(anvil.contracts.governance());
    assertThat(anvil.client.ask(governance.court(), DisputeCourtAbi.treasury()))
        .isEqualTo(governance.timelock());
    assertThat(anvil.client.ask(governance.pools(), PoolRegistryAbi.treasury()))
        .isEqualTo(governance.timelock());
  }

  @Test
  void aDeployerThatMayStillSlashByAnEarlierVersionGivesThatUpAtItsNextStart() throws IOException {
    Contracts before =
        Deployment.deploy(
            anvil.client, anvil.deployer, Anvil.ORIGIN, Anvil.STAKE_NANO_OPEN, Currency.TOKEN, 0);
    anvil.deployer.transact(
        before.authority(), AccessManagerAbi.grantRole(SLASHER, anvil.deployer.address(), 0));
    assertThat(holds(before, SLASHER, anvil.deployer.address())).isTrue();

    GovernanceDeployment.handOver(anvil.client, anvil.deployer, before);
    assertThat(holds(before, SLASHER, anvil.deployer.address())).isFalse();
  }

  @Test
  void aNewKeyIsToldWhatItLacksInsteadOfASecondNetwork() throws IOException {
    Address operator = anvil.deployer.address();
    Deployment.requireOperable(anvil.client, operator, file);
    Deployment.requireOperable(anvil.client, operator, folder.resolve("none.json"));

    Address newKey = Secp256k1Key.generate().address();
    assertThatThrownBy(() -> Deployment.requireOperable(anvil.client, newKey, file))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("account " + newKey + " does not operate")
        .hasMessageContaining("role 1")
        .hasMessageContaining(file.toString());

    Path elsewhere = folder.resolve("elsewhere.json");
    String escrow = anvil.contracts.escrow().value();
    Files.writeString(elsewhere, Files.readString(file).replace(escrow, newKey.value()));
    assertThatThrownBy(() -> Deployment.requireOperable(anvil.client, operator, elsewhere))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("no code at " + newKey + ", the Escrow");
  }

  @Test
  void nothingIsDeployedToARealChainWithoutAJudgeWhoIsAnotherAccount() throws IOException {
    Address operator = anvil.deployer.address();
    Path none = folder.resolve("none.json");
    var own = new PayoutTerms(3_600, operator);
    var other = new PayoutTerms(3_600, Secp256k1Key.generate().address());

    assertThatThrownBy(() -> Deployment.requireJudge(8_453, operator, none, PayoutTerms.NONE))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("chain 8453: openledger.chain.judge is empty");
    assertThatThrownBy(() -> Deployment.requireJudge(8_453, operator, none, own))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("openledger.chain.judge is the account that publishes payouts");
    Deployment.requireJudge(8_453, operator, none, other);
    Deployment.requireJudge(DevChain.CHAIN_ID, operator, none, PayoutTerms.NONE);
    Deployment.requireJudge(8_453, operator, file, PayoutTerms.NONE);
  }

  @Test
  void anOperatorWithoutAllowanceIsToldWhatToSend() throws IOException {
    allow(0);
    assertThatThrownBy(
            () -> Deployment.requireOperable(anvil.client, anvil.deployer.address(), file))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("approve(" + anvil.contracts.registry());
    allow(1);
    Deployment.requireOperable(anvil.client, anvil.deployer.address(), file);
  }

  @Test
  void whatADevelopmentChainLostIsDeployedAgainAndTheOldFileKept() throws IOException {
    Path lost = folder.resolve("lost.json");
    String escrow = anvil.contracts.escrow().value();
    String nobody = Secp256k1Key.generate().address().value();
    Files.writeString(lost, Files.readString(file).replace(escrow, nobody));

    Contracts made =
        Deployment.ensure(
            anvil.client,
            anvil.deployer,
            lost,
            Anvil.ORIGIN,
            Anvil.STAKE_NANO_OPEN,
            Anvil.TERMS,
            Currency.TOKEN);
    assertThat(made.registry()).isNotEqualTo(anvil.contracts.registry());
    assertThat(Files.readString(folder.resolve("lost.json.previous"))).contains(nobody);
  }

  private static void allow(long units) throws IOException {
    anvil.deployer.transact(
        anvil.contracts.token(),
        OpenTokenAbi.approve(anvil.contracts.registry(), BigInteger.valueOf(units)));
  }

  private static boolean holds(Contracts contracts, long role, Address account) throws IOException {
    return GovernanceDeployment.holds(anvil.client, contracts, role, account);
  }
}
