package xyz.openledger.cluster.planted;

import java.util.List;

/** Of what machines reckon. */
final class NodeBugs {
  static final List<PlantedBug> ALL =
      List.of(
          new PlantedBug(
              "a row's attention begins where its batch does",
              "models",
              "models/decoder/Scratch.java",
              "window == 0 ? 0",
              "window == 0 ? Math.min(position, batch.size() - 1)",
              "models",
              List.of("models.decoder.DecoderTest#givesTheSameBitsAloneAndInAnyBatch(long)")),
          new PlantedBug(
              "a draw depends on how many steps the engine has made",
              "models",
              "models/engine/InferenceEngine.java",
              "            one.chosen());",
              "            steps);",
              "models",
              List.of(
                  "models.engine.InferenceEngineTest#answersWithTheSameBitsAloneAndInAnyCrowd(long)")),
          new PlantedBug(
              "an adapter answers from pages of the base",
              "models",
              "models/engine/PrefixNames.java",
              "adapter == null ? new byte[0] : adapter.bytes()",
              "new byte[0]",
              "models",
              List.of(
                  "models.engine.InferenceEngineTest#sharesThePagesOfACommonBeginWithinATenantAndNotBetweenTwo")),
          new PlantedBug(
              "pages of what was cancelled are never free again",
              "models",
              "models/engine/InferenceEngine.java",
              "    one.pages.forEach(pages::release);",
              "",
              "models",
              List.of("models.engine.InferenceEngineTest#freesThePagesOfWhatIsCancelledOrLate")),
          new PlantedBug(
              "two tensors share bytes of a file",
              "models",
              "models/files/TensorFile.java",
              "tensor.offset() < before.offset() + before.data().byteSize()",
              "tensor.offset() < before.offset()",
              "models",
              List.of("models.files.SafetensorsTest")),
          new PlantedBug(
              "an adapter leaves the slab while it answers",
              "models",
              "models/adapters/AdapterStore.java",
              "!resident.kept && resident.uses == 0",
              "!resident.kept",
              "models",
              List.of("models.adapters.AdapterStoreTest")),
          new PlantedBug(
              "who asks now goes without for who may ask next",
              "models",
              "models/adapters/AdapterStore.java",
              "at = placeBeforeThoseAhead(packed.bytes())",
              "at = place(packed.bytes())",
              "models",
              List.of("models.adapters.AdapterPrefetchTest")),
          new PlantedBug(
              "adapters loaded ahead take all the slab",
              "models",
              "models/adapters/AdapterStore.java",
              "<= slab.bytes() / AHEAD_SHARE",
              "<= slab.bytes()",
              "models",
              List.of("models.adapters.AdapterPrefetchTest")),
          new PlantedBug(
              "a node takes a lease under a stale fence",
              "nodes",
              "nodes/session/FenceWindow.java",
              "fence <= floor || !seen.add(fence)",
              "!seen.add(fence) && false",
              "nodes",
              List.of("nodes.session.LeaseBookTest", "nodes.session.FenceWindowTest")),
          new PlantedBug(
              "a worker's pod has the token of the cluster",
              "nodes",
              "nodes/kubernetes/WorkerJob.java",
              ".put(\"automountServiceAccountToken\", false)",
              "",
              "nodes",
              List.of("nodes.kubernetes.WorkerJobTest#keepsEveryWall(java.lang.String)")),
          new PlantedBug(
              "what is in an order reads a variable of its pod",
              "nodes",
              "nodes/kubernetes/WorkerJob.java",
              "word.replace(\"$\", \"$$\")",
              "word",
              "nodes",
              List.of("nodes.kubernetes.WorkerJobTest#keepsEveryWall(java.lang.String)")),
          new PlantedBug(
              "a policy that opens a network beside one that closes it goes unnoticed",
              "nodes",
              "nodes/kubernetes/ClusterCheck.java",
              "!spec.path(\"ingress\").isEmpty() || !spec.path(\"egress\").isEmpty()",
              "!spec.path(\"ingress\").isEmpty()",
              "nodes",
              List.of("nodes.kubernetes.ClusterCheckTest")),
          new PlantedBug(
              "an agent clears away the workers that it has just started",
              "nodes",
              "nodes/kubernetes/WorkerJobs.java",
              "isOfAgent(job, agent) && !isOf(job, agent, run)",
              "isOfAgent(job, agent)",
              "nodes",
              List.of(
                  "nodes.kubernetes.PodWorkersTest#clearsAwayWhatAnEarlierLifeOfTheAgentLeft")));

  private NodeBugs() {}
}
