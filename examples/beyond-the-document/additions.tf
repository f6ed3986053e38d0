# What this site needs besides the document, each row with the page of the site's own handbook that says so. The document names
# these needs without rows (its list "what the document does not cover"); the ports are those of the products.

locals {
  # The installation's servers are members of a domain.
  members = ["master_stack", "response_stack", "sql_master"]

  # Each flow has 20 priorities on Azure: where they begin, and who is next. What is written down here once must not move.
  membership = {
    for place, role in local.members : role => { tcp = 3500 + 40 * place, udp = 3520 + 40 * place }
  }

  additions = {
    roles = {
      domain_controller = { title = "Domain controller", means = "A directory server that is also DNS and time server." }
      analysis_server   = { title = "Analysis Services", means = "The server of the cube, where it is not the SQL Server." }
    }

    flows = merge(
      {
        # The Coordinator and the Consumer API look up people and their mail addresses in the global catalog.
        master_to_global_catalog = {
          source      = "master_stack"
          destination = "domain_controller"
          protocol    = "tcp"
          ports       = [3268, 3269]
          purpose     = "Look-ups of users and groups in the global catalog"
          citation    = "site/ad-1"
          application = "ldap"
          setting     = "global_catalog"
          priority    = 3400
        }

        # The document has the revocation list for the DMZ Server alone (dmz/6); every certificate names it. The setting is the
        # document's own, so that the rows follow one port.
        master_to_crl = {
          source      = "master_stack"
          destination = "crl_distribution_point"
          protocol    = "tcp"
          ports       = 80
          purpose     = "Certificate revocation lists for the servers"
          citation    = "site/pki-1"
          application = "http"
          setting     = "crl"
          priority    = 3420
        }
        client_to_crl = {
          source      = "client"
          destination = "crl_distribution_point"
          protocol    = "tcp"
          ports       = 80
          purpose     = "Certificate revocation lists for devices"
          citation    = "site/pki-2"
          application = "http"
          setting     = "crl"
          priority    = 3440
        }

        # A default instance of Analysis Services on a host of its own.
        master_to_analysis = {
          source      = "master_stack"
          destination = "analysis_server"
          protocol    = "tcp"
          ports       = 2383
          purpose     = "The cube of Patch Success and Business Intelligence"
          citation    = "site/bi-1"
          application = "ssas"
          setting     = "ssas"
          priority    = 3460
        }

        # Devices of one site copy content from each other: inside one endpoint, which stands for many machines.
        nomad_election = {
          source          = "client"
          destination     = "client"
          protocol        = "udp"
          ports           = 1779
          purpose         = "Nomad: devices find the one that has the content"
          citation        = "site/nomad-1"
          application     = "nomad"
          inside_endpoint = true
          priority        = 3480
        }
        nomad_copy = {
          source          = "client"
          destination     = "client"
          protocol        = "tcp"
          ports           = [5080, 5443]
          purpose         = "Nomad: devices copy content from each other"
          citation        = "site/nomad-2"
          application     = "http"
          inside_endpoint = true
          priority        = 3640
        }
      },

      # Kerberos, LDAP, DNS, RPC, SMB and time, towards every domain controller.
      {
        for role, first in local.membership : "${role}_domain_tcp" => {
          source      = role
          destination = "domain_controller"
          protocol    = "tcp"
          ports       = [53, 88, 135, 389, 445, 464, "49152-65535"]
          purpose     = "Membership of the domain"
          citation    = "site/ad-2"
          application = "directory"
          priority    = first.tcp
        }
      },
      {
        for role, first in local.membership : "${role}_domain_udp" => {
          source      = role
          destination = "domain_controller"
          protocol    = "udp"
          ports       = [53, 88, 123, 389, 464]
          purpose     = "Membership of the domain, names and time"
          citation    = "site/ad-3"
          application = "directory"
          priority    = first.udp
        }
      },
    )
  }
}
