package xyz.openledger.cluster.demo;

import java.util.List;
import java.util.Map;

/** How the demo went, as one JSON document. */
record Summary(
    boolean ok,
    int jobs,
    int settled,
    int tasks,
    int replicas,
    Map<String, Integer> jobsByPolicy,
    String chargedNanoOpen,
    String cheat,
    int cheatDissents,
    String killed,
    int leasesLost,
    long anchoredSize,
    String anchorTransaction,
    long anchorBlock,
    String claimTransaction,
    String claimedNanoOpen,
    String seconds,
    List<String> simulated,
    List<Story.Check> checks) {}
