{{- /*
Deployment and PodDisruptionBudget of a component, from the dict of "cordee.pod" and, besides,
replicas (null: an autoscaler sets them) and drain (seconds that the process takes to end).
*/ -}}
{{- define "cordee.workload" -}}
{{- $name := printf "%s-%s" (include "cordee.fullname" .root) .component -}}
{{- $needed := add (.preStop | default 0) .drain 5 -}}
{{- if lt (int .grace) (int $needed) -}}
{{- fail (printf "%s.terminationGracePeriodSeconds is %d, needs %d at least: %d before SIGTERM + %d to end + 5 margin" .path (int .grace) $needed (int (.preStop | default 0)) (int .drain)) -}}
{{- end -}}
apiVersion: apps/v1
kind: Deployment
{{ include "cordee.metadata" (list .root .component $name) }}
spec:
  {{- if hasKey . "replicas" }}
  replicas: {{ .replicas }}
  {{- end }}
  revisionHistoryLimit: 5
  strategy:
    type: RollingUpdate
    rollingUpdate:
      maxUnavailable: 0
      maxSurge: 1
  selector:
    matchLabels:
      {{- include "cordee.selector" (list .root .component) | nindent 6 }}
  template:
    {{- include "cordee.pod" . | nindent 4 }}
{{- if .root.Values.podDisruptionBudget.enabled }}
---
apiVersion: policy/v1
kind: PodDisruptionBudget
{{ include "cordee.metadata" (list .root .component $name) }}
spec:
  maxUnavailable: 1
  unhealthyPodEvictionPolicy: AlwaysAllow
  selector:
    matchLabels:
      {{- include "cordee.selector" (list .root .component) | nindent 6 }}
{{- end }}
{{- end -}}
