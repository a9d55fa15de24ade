package xyz.openledger.chainanchor.evm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import xyz.openledger.chainanchor.receipts.Accusation;
import xyz.openledger.chainanchor.receipts.Equivocation;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.Outcome;
import xyz.openledger.protocol.Policy;
import xyz.openledger.protocol.PoolId;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.protocol.Receipt;
import xyz.openledger.protocol.Receipt.Standing;
import xyz.openledger.protocol.ReplicaId;
import xyz.openledger.protocol.ResultStatement;
import xyz.openledger.protocol.TaskId;
import xyz.openledger.protocol.TenantId;
import xyz.openledger.protocol.Tolerance;
import xyz.openledger.protocol.api.ReceiptProof;
import xyz.openledger.protocol.json.Json;
import xyz.openledger.protocol.keys.Keccak;
import xyz.openledger.protocol.keys.Secp256k1Key;
import xyz.openledger.protocol.merkle.MerkleTree;

/** Receipts of lost disputes before the real court; the chain's clock is set forward. */
class CourtTest {
  private static final long HALF = Anvil.STAKE_NANO_OPEN / 2;
  private static final long HALF_A_DAY = 12 * 3_600;

  /** How long a judge has, as the contract says it. */
  private static final long JUDGE_SECONDS = 60 * 86_400;

  @TempDir static Path folder;
  private static final List<Digest> LEAVES = new ArrayList<>();

  /** What a call is refused by: the first bytes of the hash of {@code NoContradiction()}. */
  private static final String NO_CONTRADICTION =
      HexFormat.of()
          .formatHex(Keccak.hash("NoContradiction()".getBytes(StandardCharsets.US_ASCII)), 0, 4);

  private static Anvil anvil;
  private static CourtContract court;
  private static Wallet accuser;

  /** A machine of somebody, with a stake. */
  private record Machine(NodeId id, Secp256k1Key key) {
    static Machine register(String name) throws IOException {
      var machine =
          new Machine(
              NodeId.of(Digest.of(name.getBytes(StandardCharsets.UTF_8)).bytes()),
              Secp256k1Key.generate());
      anvil.deployer.transact(
          anvil.contracts.registry(),
          NodeRegistryAbi.register(
              machine.id.bytes(),
              machine.key.address(),
              Digest.wrap(new byte[Digest.BYTES]),
              new byte[16],
              Words.wei(Anvil.STAKE_NANO_OPEN)));
      return machine;
    }

    long stakeNanoOpen() throws IOException {
      var node = anvil.client.ask(anvil.contracts.registry(), NodeRegistryAbi.node(id.bytes()));
      return Words.nanoOpen(node.stake());
    }
  }

  @BeforeAll
  static void start() throws IOException {
    anvil = Anvil.start(folder);
    anvil.automine(true);
    court =
        new CourtContract(
            anvil.client, Objects.requireNonNull(anvil.contracts.governance()).court());
    accuser = anvil.wallet(Secp256k1Key.generate());
    anvil.deployer.transfer(anvil.contracts, accuser.address(), 100_000_000_000L);
  }

  @AfterAll
  static void stop() {
    anvil.close();
  }

  @Test
  void aLostDisputeCostsHalfTheStakeOnceTheTimeForAnAppealIsOver() throws IOException {
    Machine honest = Machine.register("honest");
    Machine liar = Machine.register("liar");
    ReceiptProof proof = anchored("costs", honest, liar);
    ReplicaId lie = Accusation.accusable(Json.read(proof.document(), Receipt.class)).getFirst();
    // As a file, which anybody may bring.
    var accusation = Json.read(Json.canonical(Accusation.of(proof, lie)), Accusation.class);

    CourtContract.Brought brought = court.accuse(accuser, accusation);
    CourtContract.Case open = court.read(brought.number());
    assertThat(open.state()).isEqualTo(CourtContract.State.OPEN);
    assertThat(open.node()).isEqualTo(liar.id());
    assertThat(open.penaltyNanoOpen()).isEqualTo(HALF);
    assertThat(liar.stakeNanoOpen()).as("the owner may appeal first").isEqualTo(2 * HALF);
    assertThatThrownBy(() -> court.execute(accuser, brought.number()))
        .isInstanceOf(IOException.class);

    pass(HALF_A_DAY);
    String executed = court.execute(accuser, brought.number());
    assertThat(court.read(brought.number()).state()).isEqualTo(CourtContract.State.EXECUTED);
    assertThat(liar.stakeNanoOpen()).isEqualTo(HALF);
    assertThat(honest.stakeNanoOpen()).isEqualTo(2 * HALF);
    System.out.printf("gas: accuse %d, execute %d%n", gas(brought.transaction()), gas(executed));
  }

  @Test
  void anOwnerThatAppealsIsJudgedAndMayKeepTheStake() throws IOException {
    Machine honest = Machine.register("honest too");
    Machine outvoted = Machine.register("outvoted");
    CourtContract.Brought brought = appealed("appeals", honest, outvoted);
    pass(HALF_A_DAY);
    assertThatThrownBy(() -> court.execute(accuser, brought.number()))
        .as("an appeal stops it")
        .isInstanceOf(IOException.class);
    assertThatThrownBy(() -> court.judge(accuser, brought.number(), true))
        .as("not for everybody to judge")
        .isInstanceOf(IOException.class);
    court.judge(anvil.deployer, brought.number(), false);
    assertThat(court.read(brought.number()).state()).isEqualTo(CourtContract.State.OVERTURNED);
    assertThat(outvoted.stakeNanoOpen()).isEqualTo(2 * HALF);
  }

  @Test
  void anAppealThatNobodyJudgesLapsesAndTakesNothing() throws IOException {
    Machine honest = Machine.register("honest and patient");
    Machine outvoted = Machine.register("outvoted and patient");
    CourtContract.Brought brought = appealed("lapses", honest, outvoted);
    assertThatThrownBy(() -> court.lapse(accuser, brought.number()))
        .as("the judge has time yet")
        .isInstanceOf(IOException.class);

    pass(JUDGE_SECONDS + HALF_A_DAY);
    court.lapse(accuser, brought.number());

    assertThat(court.read(brought.number()).state()).isEqualTo(CourtContract.State.LAPSED);
    assertThat(outvoted.stakeNanoOpen()).isEqualTo(2 * HALF);
  }

  @Test
  void nobodyIsAccusedByWhatWasRejected() throws IOException {
    Machine honest = Machine.register("honest three");
    Machine liar = Machine.register("liar three");
    ReceiptProof proof = anchored("framed", honest, liar);
    Receipt receipt = Json.read(proof.document(), Receipt.class);
    ReplicaId right = receipt.tasks().getFirst().replicas().getFirst().replica();
    assertThatThrownBy(() -> Accusation.of(proof, right)).isInstanceOf(ProblemException.class);

    // The liar's own statement against the honest node: it is no leaf of the receipt's evidence.
    Accusation accusation = Accusation.of(proof, Accusation.accusable(receipt).getFirst());
    Receipt.SignedStatement signed =
        Objects.requireNonNull(receipt.tasks().getFirst().replicas().getFirst().statement());
    var turned =
        new Accusation(
            1,
            honest.id(),
            new Accusation.Said(
                accusation.accepted().leaf(),
                signed.index(),
                signed.proof(),
                signed.root(),
                signed.count(),
                signed.signature()),
            new Accusation.Accepted(
                accusation.accepted().receipt(),
                accusation.accepted().index(),
                accusation.accepted().atSize(),
                accusation.accepted().proof(),
                accusation.said().leaf(),
                0,
                1,
                List.of()));
    assertThatThrownBy(() -> court.accuse(accuser, turned)).isInstanceOf(IOException.class);
  }

  @Test
  void whoDiffersWithinAToleranceIsNotConvictedByWhatWasAccepted() throws IOException {
    Machine first = Machine.register("rounds up");
    Machine second = Machine.register("rounds down");
    var tolerant =
        new Policy.Verification(
            Policy.Method.QUORUM, null, null, null, new Tolerance(2, null, null), null, null);
    ReceiptProof proof = anchored("tolerant", first, second, Standing.ACCEPTED, tolerant);
    Receipt receipt = Json.read(proof.document(), Receipt.class);
    assertThat(Accusation.accusable(receipt)).isEmpty();

    // As a stranger would write it, who holds the one's word against the other's.
    List<Receipt.ReplicaReceipt> said = receipt.tasks().getFirst().replicas();
    byte[] accepted = statement(receipt, said.getFirst()).leaf();
    var leaves = said.stream().map(it -> statement(receipt, it).leafHash()).toList();
    Receipt.SignedStatement signed = Objects.requireNonNull(said.getLast().statement());
    var written =
        new Accusation(
            1,
            second.id(),
            new Accusation.Said(
                HexFormat.of().formatHex(statement(receipt, said.getLast()).leaf()),
                signed.index(),
                signed.proof(),
                signed.root(),
                signed.count(),
                signed.signature()),
            new Accusation.Accepted(
                proof.leaf(),
                proof.index(),
                proof.size(),
                proof.inclusion(),
                HexFormat.of().formatHex(accepted),
                0,
                2,
                MerkleTree.inclusionProofs(leaves).getFirst()));
    assertThatThrownBy(() -> court.accuse(accuser, written)).isInstanceOf(IOException.class);
    assertThat(second.stakeNanoOpen()).isEqualTo(2 * HALF);
  }

  private static ResultStatement statement(Receipt receipt, Receipt.ReplicaReceipt replica) {
    return new ResultStatement(
        replica.replica(),
        receipt.tasks().getFirst().task(),
        Objects.requireNonNull(replica.outcome()).digest(),
        replica.fence());
  }

  @Test
  void twoOutcomesOfOneTaskConvictWithoutAnyReceipt() throws IOException {
    Machine twoFaced = Machine.register("two-faced");
    Machine other = Machine.register("somebody else");
    Accusation.Said right = signed("twice", twoFaced, "right");
    Accusation.Said wrong = signed("twice", twoFaced, "wrong");
    var seen =
        Json.read(Json.canonical(Equivocation.of(twoFaced.id(), right, wrong)), Equivocation.class);
    var judges = new ResultStatement.Court(anvil.client.chainId(), anvil.contracts.registry());
    assertThat(seen.fault(judges, twoFaced.key().address())).isNull();
    assertThat(seen.name()).isEqualTo(Equivocation.of(twoFaced.id(), wrong, right).name());

    var elsewhere = new ResultStatement.Court(judges.chainId() + 1, judges.registry());
    assertThat(seen.fault(elsewhere, twoFaced.key().address())).contains("not signed");
    assertThat(seen.fault(judges, other.key().address())).contains("not signed");
    var moved =
        new Accusation.Said(
            right.leaf(), 0, List.of(right.root()), right.root(), 2, right.signature());
    assertThat(Equivocation.of(twoFaced.id(), moved, wrong).fault(judges, twoFaced.key().address()))
        .contains("not in the batch");
    assertThatThrownBy(() -> Equivocation.of(twoFaced.id(), right, right))
        .hasMessageContaining("same outcome");
    assertThatThrownBy(
            () -> Equivocation.of(twoFaced.id(), right, signed("another", twoFaced, "wrong")))
        .hasMessageContaining("another task");
    var framed = Equivocation.of(other.id(), right, wrong);
    assertThatThrownBy(() -> court.accuse(accuser, framed)).isInstanceOf(IOException.class);

    CourtContract.Brought brought = court.accuse(accuser, seen);
    assertThat(court.read(brought.number()).node()).isEqualTo(twoFaced.id());
    long from = anvil.contracts.fromBlock();
    assertThat(court.against(twoFaced.id(), from, 10))
        .containsExactly(court.read(brought.number()));
    assertThat(court.against(twoFaced.id(), from, 0)).isEmpty();
    assertThat(court.against(other.id(), from, 10)).isEmpty();
    assertThatThrownBy(() -> court.accuse(accuser, seen))
        .as("once for each replica")
        .isInstanceOf(IOException.class);
    pass(HALF_A_DAY);
    court.execute(accuser, brought.number());
    assertThat(twoFaced.stakeNanoOpen()).isEqualTo(HALF);
  }

  @Test
  void twoRunsOfWorkThatMayDifferHonestlyConvictNobody() throws IOException {
    Machine honest = Machine.register("rounds differently each time");
    Accusation.Said once = run("differs", honest, "right");
    Accusation.Said again = run("differs again", honest, "nearly right");
    assertThatThrownBy(() -> Equivocation.of(honest.id(), once, again))
        .hasMessageContaining("another task");

    // Two outcomes of one run are still two.
    var both = Equivocation.of(honest.id(), once, run("differs", honest, "wrong"));
    var governance = Objects.requireNonNull(anvil.contracts.governance());
    accuser.transact(
        anvil.contracts.token(),
        OpenTokenAbi.approve(governance.court(), Words.wei(1_000_000_000_000L)));
    assertThatThrownBy(
            () ->
                accuser.transact(
                    governance.court(),
                    DisputeCourtAbi.accuseOfEquivocation(
                        honest.id().bytes(), CourtContract.said(once), CourtContract.said(again))))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(NO_CONTRADICTION);
    var judges = new ResultStatement.Court(anvil.client.chainId(), anvil.contracts.registry());
    assertThat(both.fault(judges, honest.key().address())).isNull();
    assertThat(honest.stakeNanoOpen()).isEqualTo(2 * HALF);
  }

  /** What a node signs of the one task of all tests, of which two runs may differ. */
  private static Accusation.Said run(String job, Machine machine, String output)
      throws IOException {
    var id = new ReplicaId(new TaskId(JobId.of(new TenantId("ada"), job), 0), 0);
    Digest task = Digest.of("one task".getBytes(StandardCharsets.UTF_8));
    Receipt.ReplicaReceipt replica =
        replica(
            id.job(), ResultStatement.oneRun(task, id, 7), 0, machine, output, Standing.ACCEPTED);
    return Equivocation.said(
        id, task, outcome(output), 7, Objects.requireNonNull(replica.statement()));
  }

  private static Accusation.Said signed(String key, Machine machine, String output)
      throws IOException {
    Digest task = Digest.of(key.getBytes(StandardCharsets.UTF_8));
    Receipt.ReplicaReceipt replica =
        replica(JobId.of(new TenantId("ada"), key), task, 0, machine, output, Standing.ACCEPTED);
    return Equivocation.said(
        replica.replica(),
        task,
        outcome(output),
        replica.fence(),
        Objects.requireNonNull(replica.statement()));
  }

  /** A receipt in which one was accepted and one rejected, anchored alone at the log's end. */
  private static ReceiptProof anchored(String key, Machine honest, Machine liar)
      throws IOException {
    return anchored(
        key, honest, liar, Standing.REJECTED, new Policy.Verification(Policy.Method.DISPUTE, null));
  }

  private static ReceiptProof anchored(
      String key, Machine first, Machine second, Standing standing, Policy.Verification verified)
      throws IOException {
    var job = JobId.of(new TenantId("ada"), key);
    Digest task = Digest.of(key.getBytes(StandardCharsets.UTF_8));
    var receipt =
        new Receipt(
            Receipt.VERSION,
            Receipt.Kind.RESULT,
            job,
            0,
            new TenantId("ada"),
            task,
            0,
            task,
            verified,
            null,
            List.of(
                new Receipt.TaskReceipt(
                    0,
                    task,
                    outcome("right"),
                    List.of(
                        replica(job, task, 0, first, "right", Standing.ACCEPTED),
                        replica(job, task, 1, second, "wrong", standing)))),
            standing == Standing.ACCEPTED ? 2 : 1,
            1,
            2);
    byte[] leaf = receipt.leaf().encode();
    LEAVES.add(MerkleTree.leafHash(leaf));
    int size = LEAVES.size();
    anvil.deployer.transact(
        anvil.contracts.anchorLog(), AnchorLogAbi.anchor(size - 1, size, MerkleTree.root(LEAVES)));
    assertThat(court.anchoredSize()).isEqualTo(size);
    return new ReceiptProof(
        1,
        Json.tree(receipt.canonical()),
        HexFormat.of().formatHex(leaf),
        size - 1,
        size,
        MerkleTree.inclusionProof(LEAVES, size - 1),
        "",
        null,
        List.of());
  }

  /** A replica whose node signed what it said, in a batch of one. */
  private static Receipt.ReplicaReceipt replica(
      JobId job, Digest task, int number, Machine machine, String output, Standing standing)
      throws IOException {
    var id = new ReplicaId(new TaskId(job, 0), number);
    var statement = new ResultStatement(id, task, outcome(output).digest(), 7);
    Digest root = ResultStatement.root(List.of(statement));
    var judges = new ResultStatement.Court(anvil.client.chainId(), anvil.contracts.registry());
    byte[] signature = machine.key().sign(ResultStatement.hash(judges, machine.id(), root, 1));
    return new Receipt.ReplicaReceipt(
        id,
        machine.id(),
        Address.parse("0x" + "ab".repeat(20)),
        PoolId.parse("pool-" + "a".repeat(26)),
        7,
        standing,
        outcome(output),
        new Receipt.SignedStatement(root, 1, 0, List.of(), HexFormat.of().formatHex(signature)),
        1,
        standing == Standing.ACCEPTED ? 1 : 0,
        "",
        0);
  }

  private static Outcome outcome(String output) {
    byte[] bytes = output.getBytes(StandardCharsets.UTF_8);
    return new Outcome(Outcome.Status.FINISHED, 0, 1, Digest.of(bytes), bytes.length);
  }

  private static long gas(String transaction) throws IOException {
    return Words.number(anvil.client.receipt(transaction).get("gasUsed"));
  }

  /** A case against one by the other's receipt, which its owner appeals. */
  private static CourtContract.Brought appealed(String job, Machine honest, Machine outvoted)
      throws IOException {
    ReceiptProof proof = anchored(job, honest, outvoted);
    ReplicaId said = Accusation.accusable(Json.read(proof.document(), Receipt.class)).getFirst();
    CourtContract.Brought brought = court.accuse(accuser, Accusation.of(proof, said));
    court.appeal(anvil.deployer, brought.number(), Digest.of(new byte[] {1}));
    return brought;
  }

  /** Lets time pass on the chain. */
  private static void pass(long seconds) throws IOException {
    anvil.client.rpc().call("evm_increaseTime", Words.quantity(seconds));
    anvil.mine();
  }
}
