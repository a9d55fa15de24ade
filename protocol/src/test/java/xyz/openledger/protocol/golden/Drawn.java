package xyz.openledger.protocol.golden;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Stream;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.Division;
import xyz.openledger.protocol.FeeSplit;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.JobSpec;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.Outcome;
import xyz.openledger.protocol.Policy;
import xyz.openledger.protocol.PoolId;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.Receipt;
import xyz.openledger.protocol.Receipt.ReplicaReceipt;
import xyz.openledger.protocol.Receipt.SignedStatement;
import xyz.openledger.protocol.Receipt.Standing;
import xyz.openledger.protocol.Receipt.TaskReceipt;
import xyz.openledger.protocol.ReplicaId;
import xyz.openledger.protocol.ResultStatement;
import xyz.openledger.protocol.ResultStatement.Court;
import xyz.openledger.protocol.TaskId;
import xyz.openledger.protocol.TenantId;
import xyz.openledger.protocol.Workload;
import xyz.openledger.protocol.keys.Secp256k1Key;
import xyz.openledger.protocol.merkle.MerkleTree;

/** Things of the protocol, drawn from a seed: each is valid, none is likely. */
public final class Drawn {
  private static final List<String> TEXTS =
      List.of("", "a", "eu-west", "two words", "été", "\u20ac\n\t\"\\", "\ud83d\ude00", "\u0001/");

  private final SplittableRandom random;

  /** Draws on from there. */
  public Drawn(SplittableRandom random) {
    this.random = random;
  }

  byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  String hex(int length) {
    return HexFormat.of().formatHex(bytes(length));
  }

  /** From 0 to {@code bound} - 1, of any length in bits. */
  long number(long bound) {
    return (random.nextLong() >>> random.nextInt(1, 64)) % bound;
  }

  String text() {
    return TEXTS.get(random.nextInt(TEXTS.size())) + TEXTS.get(random.nextInt(TEXTS.size()));
  }

  <T> T oneOf(List<T> values) {
    return values.get(random.nextInt(values.size()));
  }

  <T> List<T> list(int min, int max, Supplier<T> element) {
    return Stream.generate(element).limit(random.nextInt(min, max + 1)).toList();
  }

  Digest digest() {
    return Digest.wrap(bytes(32));
  }

  Address address() {
    return Address.of(bytes(20));
  }

  TenantId tenant() {
    return new TenantId("t" + hex(random.nextInt(1, 12)));
  }

  NodeId node() {
    return NodeId.of(bytes(32));
  }

  ReplicaId replica() {
    var job = JobId.of(tenant(), text());
    return new ReplicaId(
        new TaskId(job, random.nextInt(JobSpec.TASKS_MAX)),
        random.nextInt(ReplicaId.NUMBER_MAX + 1));
  }

  Court court() {
    return new Court(number(Long.MAX_VALUE), address());
  }

  Secp256k1Key key() {
    return Secp256k1Key.of(bytes(32));
  }

  Outcome outcome() {
    var status = oneOf(List.of(Outcome.Status.values()));
    return new Outcome(
        status,
        status == Outcome.Status.FINISHED ? random.nextInt(-1, 256) : 0,
        number(Long.MAX_VALUE),
        digest(),
        number(1L << 53));
  }

  ResultStatement statement() {
    return new ResultStatement(replica(), digest(), digest(), number(Long.MAX_VALUE));
  }

  Policy policy() {
    int agreement = random.nextInt(1, 8);
    return new Policy(
        new Policy.Objective(
            new Policy.Weights(
                random.nextInt(101), random.nextInt(1, 101), random.nextInt(101), 0)),
        new Policy.Limits(
            1 + number(1_000_000_000_000_000_000L),
            random.nextLong(100, 604_800_001L),
            list(0, 3, this::text),
            random.nextBoolean() ? null : random.nextInt(100_001),
            random.nextInt(10_001)),
        new Policy.Verification(
            agreement == 1 ? Policy.Method.TRUSTED : Policy.Method.QUORUM,
            new Policy.Parameters(agreement, random.nextInt(agreement, 16))),
        Policy.Capacity.ON_DEMAND);
  }

  Workload.Wasm workload() {
    return new Workload.Wasm(
        digest(),
        1 + number(10_000_000_000_000L),
        random.nextLong(1, 16_385) * Workload.Wasm.PAGE_BYTES,
        number(16L << 20));
  }

  JobSpec.Task task() {
    return new JobSpec.Task(list(0, 4, this::text), digest());
  }

  JobSpec spec() {
    Map<String, String> labels = new TreeMap<>();
    list(0, 4, this::text).forEach(name -> labels.put(name, text()));
    return new JobSpec(text(), labels, workload(), list(1, 3, this::task), policy());
  }

  /** A receipt whose statements are signed; what it says does not fit together otherwise. */
  public Receipt receipt() {
    var job = JobId.of(tenant(), text());
    var tasks = new ArrayList<TaskReceipt>();
    int count = random.nextInt(1, 4);
    for (int index = 0; index < count; index++) {
      tasks.add(taskReceipt(new TaskId(job, index)));
    }
    return new Receipt(
        Receipt.VERSION,
        oneOf(List.of(Receipt.Kind.values())),
        job,
        random.nextInt(4),
        tenant(),
        digest(),
        number(1L << 53),
        random.nextBoolean() ? Receipt.NO_RULES : digest(),
        policy().verification(),
        random.nextBoolean() ? null : oneOf(List.of(Problem.values())),
        tasks,
        number(Long.MAX_VALUE),
        number(1L << 53),
        number(1L << 53),
        null,
        division(list(1, 3, () -> number(1L << 53))));
  }

  /** A division of these prices. */
  Division division(List<Long> prices) {
    var parts = new int[4];
    for (int i = 0; i < parts.length; i++) {
      parts[i] = random.nextInt(1, FeeSplit.WHOLE / parts.length);
    }
    long charged = prices.stream().reduce(0L, Math::addExact);
    return Division.of(
        new FeeSplit(parts[0], parts[1], parts[2], parts[3]),
        charged + number(1L << 53),
        prices,
        address());
  }

  private TaskReceipt taskReceipt(TaskId task) {
    var identity = digest();
    var replicas = new ArrayList<ReplicaReceipt>();
    int count = random.nextInt(1, 4);
    for (int number = 0; number < count; number++) {
      replicas.add(replicaReceipt(new ReplicaId(task, number), identity));
    }
    return new TaskReceipt(
        task.index(), identity, random.nextInt(4) == 0 ? null : outcome(), replicas);
  }

  private ReplicaReceipt replicaReceipt(ReplicaId replica, Digest task) {
    var node = node();
    boolean lost = random.nextInt(4) == 0;
    var outcome = lost ? null : outcome();
    long fence = number(1L << 53);
    return new ReplicaReceipt(
        replica,
        node,
        address(),
        PoolId.of(text(), text()),
        fence,
        lost ? Standing.LOST : oneOf(List.of(Standing.values())),
        outcome,
        outcome == null
            ? null
            : signed(node, new ResultStatement(replica, task, outcome.digest(), fence)),
        number(100_000_000_000_000L),
        number(Long.MAX_VALUE),
        text(),
        random.nextInt(1_000));
  }

  private SignedStatement signed(NodeId node, ResultStatement statement) {
    var leaves = new ArrayList<>(list(0, 6, this::digest));
    int index = random.nextInt(leaves.size() + 1);
    leaves.add(index, statement.leafHash());
    var root = MerkleTree.root(leaves);
    byte[] signature = key().sign(ResultStatement.hash(court(), node, root, leaves.size()));
    return new SignedStatement(
        root,
        leaves.size(),
        index,
        MerkleTree.inclusionProof(leaves, index),
        HexFormat.of().formatHex(signature));
  }
}
