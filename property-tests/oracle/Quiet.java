/*
 * A server without threads, sockets and data, for elections: its configuration, role and disk are what a question says.
 */
package org.apache.zookeeper.server.quorum;

import java.io.File;
import java.io.StringReader;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.apache.zookeeper.server.DataTree;
import org.apache.zookeeper.server.ZKDatabase;
import org.apache.zookeeper.server.quorum.QuorumPeer.LearnerType;
import org.apache.zookeeper.server.quorum.QuorumPeer.QuorumServer;
import org.apache.zookeeper.server.quorum.flexible.QuorumHierarchical;
import org.apache.zookeeper.server.quorum.flexible.QuorumMaj;
import org.apache.zookeeper.server.quorum.flexible.QuorumVerifier;

final class Quiet {
    /** Reconfiguration came with 3.5.0: since then a configuration is a verifier that knows its members. */
    static final boolean DYNAMIC = Reach.has(QuorumPeer.class, "lastSeenQuorumVerifier");

    private static final Map<String, QuorumVerifier> VERIFIERS = new HashMap<>();
    private static QuorumPeer peer;
    private static DataTree tree;

    private Quiet() {
    }

    /** LOOKING, a participant. `lastSeen`: "-" for none. */
    static QuorumPeer peer(String committed, String lastSeen, long me) throws Exception {
        if (peer == null) {
            make();
        }
        Reach.set(peer, "myid", me);
        Reach.set(peer, "learnerType", LearnerType.PARTICIPANT);
        Reach.set(peer, "state", QuorumPeer.ServerState.LOOKING);
        peer.setCurrentVote(null);
        if (DYNAMIC) {
            Reach.set(peer, "quorumVerifier", verifier(committed));
            Reach.set(peer, "lastSeenQuorumVerifier", lastSeen.equals("-") ? null : verifier(lastSeen));
        } else {
            Reach.set(peer, "quorumConfig", verifier(committed));
            Reach.set(peer, "quorumPeers", staticMembers(properties(committed)));
            Reach.set(peer, "bcVote", null);
        }
        return peer;
    }

    /** What an election finds on disk. Precondition: the epoch is none of −1, which is what was not read yet. */
    static void disk(QuorumPeer self, long zxid, long epoch) throws Exception {
        tree.lastProcessedZxid = zxid;
        Reach.set(self, "currentEpoch", epoch);
    }

    /** One for all questions: to make one is slow. */
    private static void make() throws Exception {
        peer = (QuorumPeer) Reach.make(QuorumPeer.class);
        tree = new DataTree();
        ZKDatabase database = Reach.allocate(ZKDatabase.class);
        Reach.set(database, "initialized", true);
        Reach.set(database, "dataTree", tree);
        Reach.set(peer, "zkDb", database);
    }

    static FastLeaderElection election(QuorumPeer self, long clock) throws Exception {
        FastLeaderElection election = Reach.allocate(FastLeaderElection.class);
        Reach.set(election, "self", self);
        Reach.setLong(election, "logicalclock", clock);
        return election;
    }

    static Properties properties(String text) throws Exception {
        Properties properties = new Properties();
        properties.load(new StringReader(text.replace('\u001f', '\n')));
        return properties;
    }

    static QuorumVerifier verifier(String text) throws Exception {
        QuorumVerifier known = VERIFIERS.get(text);
        if (known == null) {
            Properties p = properties(text);
            Object says = p.remove("oraclePath");
            boolean grouped = p.stringPropertyNames().stream().anyMatch(key -> key.startsWith("group"));
            known = (QuorumVerifier) (says != null
                ? Reach.make(Class.forName(QuorumMaj.class.getPackage().getName() + ".QuorumOracleMaj"), p, oracle(says))
                : DYNAMIC
                ? Reach.make(grouped ? QuorumHierarchical.class : QuorumMaj.class, p)
                : staticVerifier(p, grouped));
            VERIFIERS.put(text, known);
        }
        return known;
    }

    /** The file of an oracle that says this. */
    private static String oracle(Object says) throws Exception {
        File file = File.createTempFile("oracle", null);
        file.deleteOnExit();
        Files.write(file.toPath(), says.toString().getBytes(StandardCharsets.UTF_8));
        return file.getPath();
    }

    /** As QuorumPeerConfig.parseProperties makes them up to 3.4: from the participants, whose weight is 1 if none is given. */
    private static Object staticVerifier(Properties p, boolean grouped) throws Exception {
        Properties voting = new Properties();
        voting.putAll(p);
        int voters = 0;
        for (QuorumServer server : staticMembers(p).values()) {
            if (server.type == LearnerType.PARTICIPANT) {
                voters++;
                voting.putIfAbsent("weight." + server.id, "1");
            }
        }
        return grouped ? Reach.make(QuorumHierarchical.class, voting) : Reach.make(QuorumMaj.class, voters);
    }

    private static Map<Long, QuorumServer> staticMembers(Properties p) throws Exception {
        Map<Long, QuorumServer> members = new HashMap<>();
        for (String key : p.stringPropertyNames()) {
            if (key.startsWith("server.")) {
                long sid = Long.parseLong(key.substring(7));
                String[] parts = p.getProperty(key).split(":");
                InetSocketAddress quorum = new InetSocketAddress(parts[0], Integer.parseInt(parts[1]));
                InetSocketAddress election = new InetSocketAddress(parts[0], Integer.parseInt(parts[2]));
                LearnerType type = LearnerType.valueOf(parts[3].toUpperCase());
                members.put(sid, (QuorumServer) Reach.make(QuorumServer.class, sid, quorum, election, type));
            }
        }
        return members;
    }
}
