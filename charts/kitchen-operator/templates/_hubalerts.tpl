{{- /* Other Envoys have metrics of these names too: only those of hubs count. */ -}}
{{- define "kitchen-operator.hubAlerts" -}}
{{- $hubs := printf "job=%q" (printf "%s/kitchen-hub" .Release.Namespace) -}}
{{- $operator := printf "job=%q, namespace=%q" (printf "%s-metrics" (include "kitchen-operator.fullname" .)) .Release.Namespace -}}
{{- $station := "{{ $labels.namespace }}/{{ $labels.service }}" -}}
{{- $log := "The log of the hubs names pods and reasons: docs/runbook.md says how to read it." -}}
- name: kitchen-hubs
  rules:
    - alert: KitchenHubWithoutOperator
      expr: |-
        max by (pod, container) (envoy_control_plane_connected_state{{ "{" }}{{ $hubs }}}) == 0
      for: 5m
      labels:
        severity: warning
      annotations:
        summary: {{ "{{ $labels.container }} of {{ $labels.pod }} hears nothing of the kitchen operator" | quote }}
        description: It goes on with what it knows, and does not learn of pods that come and go. Its log and the operator's tell why.
    - alert: KitchenHubErrors
      expr: |-
        sum by (namespace, service) (rate(envoy_cluster_upstream_rq_xx{{ "{" }}{{ $hubs }}, envoy_response_code_class="5"}[5m]))
        / sum by (namespace, service) (rate(envoy_cluster_upstream_rq_xx{{ "{" }}{{ $hubs }}}[5m])) > 0.05
      for: 5m
      labels:
        severity: critical
      annotations:
        summary: {{ printf "%s answers {{ $value | humanizePercentage }} of its requests with 5xx" $station | quote }}
        description: {{ printf "By its pods or by the hubs. %s" $log | quote }}
    - alert: KitchenHubOverBound
      expr: |-
        sum by (namespace, service) (rate(envoy_cluster_upstream_rq_pending_overflow{{ "{" }}{{ $hubs }}}[5m])) > 0
      for: 5m
      labels:
        severity: critical
      annotations:
        summary: {{ printf "Hubs refuse {{ $value | humanize }} requests a second to %s" $station | quote }}
        description: More are under way than its pods may have at once. It has too few pods, or its pods hang.
    - alert: KitchenHubRetriesSpent
      expr: |-
        sum by (namespace, service) (rate(envoy_cluster_upstream_rq_retry_overflow{{ "{" }}{{ $hubs }}}[5m])) > 0
      for: 5m
      labels:
        severity: warning
      annotations:
        summary: {{ printf "Hubs have no retry left for {{ $value | humanize }} failures a second of %s" $station | quote }}
        description: {{ printf "A quarter of what is under way may be sent again. %s" $log | quote }}
    - alert: KitchenHubPodsEjected
      expr: |-
        max by (namespace, service) (envoy_cluster_outlier_detection_ejections_active{{ "{" }}{{ $hubs }}}) > 0
      for: 10m
      labels:
        severity: warning
      annotations:
        summary: {{ printf "Hubs leave out {{ $value }} pods of %s, since they fail" $station | quote }}
        description: {{ printf "Kubernetes calls them Ready, and they do not answer. %s" $log | quote }}
    - alert: KitchenHubRefusesUpdate
      expr: |-
        sum by (type) (increase(kitchen_hub_refusals_total{{ "{" }}{{ $operator }}}[15m])) > 0
      labels:
        severity: warning
      annotations:
        summary: {{ "Envoys of hubs refuse a {{ $labels.type }} that the kitchen operator sends" | quote }}
        description: They go on with what they had. The operator's log names the station and the reason.
{{- end -}}
